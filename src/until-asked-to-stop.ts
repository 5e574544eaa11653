/**
 * Resolves when this process is asked to stop: by a signal, or because the supervisor that started it is gone (its
 * channel closed), so that nothing outlives it.
 */
export const untilAskedToStop = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
    process.once('disconnect', () => resolve());
  });
