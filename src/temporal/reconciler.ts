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
 * Makes Temporal match the database, which is the truth: at start and again and again, one after the other. Several
 * processes may do so at once; what is made equal already stays.
 */
export const startReconciler = (
  makeEqual: () => Promise<unknown>,
  everyMs: number,
  onFailed: (error: unknown) => void,
): Reconciler => {
  let stopped = false;
  let underWay = Promise.resolve();
  const reconcile = () => {
    underWay = underWay.then(async () => {
      if (stopped) return;
      await makeEqual().catch(onFailed);
    });
  };
  reconcile();
  const timer = setInterval(reconcile, everyMs);
  timer.unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await underWay;
    },
  };
};
