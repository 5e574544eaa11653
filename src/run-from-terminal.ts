import { ConfigError } from './config.ts';
import { StartupError } from './embedded/index.ts';
import { type SuperviseOptions, supervise } from './supervise.ts';

/** A terminal and npm may both pass on one Ctrl-C; only a signal after this long is a second one. */
const SAME_SIGNAL_MS = 500;

/** Supervises until a signal (or the loss of whoever started us over a channel), then ends this process. */
export async function runFromTerminal(programs: SuperviseOptions['programs']): Promise<never> {
  const stop = new AbortController();
  const force = new AbortController();
  let stoppedAt = 0;
  const onSignal = () => {
    if (!stop.signal.aborted) {
      stoppedAt = performance.now();
      console.log('stopping; once more to force');
      stop.abort();
    } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) {
      force.abort();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('disconnect', () => stop.abort());
  // The terminal may be closed before we are: lines to nobody are no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

  try {
    await supervise({
      ...{ env: process.env, programs, stop: stop.signal, force: force.signal },
      write: (line) => console.log(line),
      onReady: (publicUrl) => process.send?.({ ready: publicUrl }),
    });
    process.exit(force.signal.aborted ? 130 : 0);
  } catch (error) {
    const isForThePerson = error instanceof StartupError || error instanceof ConfigError;
    console.error(isForThePerson ? error.message : error);
    process.exit(1);
  }
}
