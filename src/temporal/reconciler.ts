import type { Runs } from '../user-sync/index.ts';

const EVERY_MS = 15_000;

export interface Reconciler {
  stop(): Promise<void>;
}

/**
 * Makes Temporal match the database, which is the truth: at start and again and again, runs that nobody took up are
 * handed over. Several processes may do so at once; handing over is idempotent.
 */
export const startReconciler = (
  runs: Pick<Runs, 'startForgotten'>,
  onFailed: (error: unknown) => void,
  everyMs = EVERY_MS,
): Reconciler => {
  let stopped = false;
  let underWay = Promise.resolve();
  const reconcile = () => {
    underWay = underWay.then(async () => {
      if (stopped) return;
      await runs.startForgotten().catch(onFailed);
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
