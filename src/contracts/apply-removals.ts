/** Removals that an administrator approved. */
export interface ApplyRemovalsInput {
  readonly tenantId: string;
  readonly approvalId: string;
}
