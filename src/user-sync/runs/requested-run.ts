export interface RequestedRun {
  readonly runId: string;
  /** True when such a run was there already, and this is it. */
  readonly joined: boolean;
}
