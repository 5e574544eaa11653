export interface Reconciler {
  stop(): Promise<void>;
}

/** How often work that nobody took up is handed over. */
export const FORGOTTEN_EVERY_MS = 15_000;
/** How often the schedules are made equal to the settings. */
export const SCHEDULES_EVERY_MS = 60_000;
/** How often channels are looked for that nobody looks after. */
export const CHANNELS_EVERY_MS = 60_000;

/**
 * Makes Temporal match the database, which is the truth: at start and again and again, never twice at once. Several
 * processes may do so at once; what is made equal already stays. `makeEqual` ends early when its signal says so.
 */
export const startReconciler = (
  makeEqual: (stop: AbortSignal) => Promise<unknown>,
  everyMs: number,
  onFailed: (error: unknown) => void,
): Reconciler => {
  const stop = new AbortController();
  let underWay: Promise<void> | undefined;
  const reconcile = () => {
    underWay ??= makeEqual(stop.signal)
      .then(() => undefined, onFailed)
      .finally(() => {
        underWay = undefined;
      });
  };
  reconcile();
  const timer = setInterval(reconcile, everyMs);
  timer.unref();
  return {
    async stop() {
      stop.abort();
      clearInterval(timer);
      await underWay;
    },
  };
};
