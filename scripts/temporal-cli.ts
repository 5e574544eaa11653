import { cacheDirectory, findTemporalCli, StartupError } from '../src/embedded/index.ts';

// Has the Temporal command at hand before anything else starts, as making it can take minutes.
if (!process.env.TEMPORAL_ADDRESS) {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    await findTemporalCli({
      env: process.env,
      cacheDir: cacheDirectory(process.env),
      log: (line) => console.log(`setup: ${line}`),
      signal: stop.signal,
    });
  } catch (error) {
    if (!stop.signal.aborted) console.error(error instanceof StartupError ? error.message : error);
    process.exitCode = stop.signal.aborted ? 130 : 1;
  }
}
