import { setTimeout as pause } from 'node:timers/promises';
import type { SyncRun } from '../user-sync/index.ts';

const LOOK_EVERY_MS = 400;

/** A stream that nobody ends is ended here; the reader connects again by itself. */
const LONGEST_STREAM_MS = 10 * 60_000;

const positionOf = (run: SyncRun): string =>
  JSON.stringify([
    run.state,
    run.pagesRead,
    run.usersRead,
    run.done,
    run.failed,
    run.total,
    run.heldRemovals,
    run.photosDone,
    run.photosFailed,
  ]);

/** The run now, then each time it moved, up to and with its end. */
export async function* followRun(
  first: SyncRun,
  read: () => Promise<SyncRun>,
  isOver: () => boolean,
): AsyncGenerator<SyncRun> {
  let shown: string | undefined;
  let run = first;
  for (const endsAt = Date.now() + LONGEST_STREAM_MS; !isOver() && Date.now() < endsAt; run = await read()) {
    if (positionOf(run) !== shown) yield run;
    if (run.finishedAt) return;
    shown = positionOf(run);
    await pause(LOOK_EVERY_MS);
  }
}
