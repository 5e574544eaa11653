/** What user sync needs from the authorization of its tenant. */
export interface DirectoryAccess {
  /**
   * A token that reads the directory.
   *
   * @throws AppError of kind `unauthorized` when somebody must authorize again, GOOGLE_UNAVAILABLE when Google is away
   */
  getAccessToken(tenantId: string): Promise<string>;
  /** Google refused this token although it had not expired: the next call refreshes. */
  forgetAccessToken(tenantId: string, accessToken: string): Promise<void>;
  /** @throws AppError INTEGRATION_NOT_ACTIVE or GOOGLE_SCOPE_MISSING, saying what to do first */
  requireReady(tenantId: string): Promise<void>;
}

/** How a run is started, wherever workflows live. */
export interface RunStarter {
  /** Idempotent: telling of the same run again starts nothing twice. */
  requestRun(run: { readonly tenantId: string; readonly runId: string }): Promise<void>;
  cancelRun(run: { readonly tenantId: string; readonly runId: string }): Promise<void>;
}

/** How a long step tells that it lives, and learns that it should end. */
export interface StepControl {
  readonly signal: AbortSignal;
  /** 1 for the first try; a later one means that an earlier one was lost. */
  readonly attempt: number;
  heartbeat(details: { readonly done: number }): void;
}
