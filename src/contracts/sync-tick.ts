/** One time of a tenant's schedule. */
export interface SyncTickInput {
  readonly tenantId: string;
}

export interface SyncTickResult {
  /** `off`: the tenant is gone or no longer in automatic mode. */
  readonly outcome: 'started' | 'skipped' | 'refused' | 'off';
}
