/** Whoever looks after a tenant's channels durably; `temporal/` implements it. */
export interface PushKeeper {
  /** Has the channels looked at now. Telling it again is harmless. */
  look(tenantId: string): Promise<void>;
}
