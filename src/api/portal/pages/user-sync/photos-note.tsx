import type { SyncRun } from '../../../../user-sync/index.ts';
import { Problem } from '../../components/problem.tsx';

/** How far the photos of a run are. */
export const PhotosProgress = ({ run }: { run: SyncRun }) => {
  const settled = run.photosDone + run.photosFailed;
  return (
    <>
      <progress value={settled} max={Math.max(run.photosTotal, 1)} aria-label="Photos looked at" />
      <p>
        {settled.toLocaleString('en')} of {run.photosTotal.toLocaleString('en')} photos
      </p>
    </>
  );
};

/** What became of the photos of a run that has ended; nothing when none had changed. */
export const PhotosNote = ({ run }: { run: SyncRun }) => (
  <>
    {run.photosTotal > 0 && (
      <p class="muted">
        {run.photosDone.toLocaleString('en')} of {run.photosTotal.toLocaleString('en')} changed photos fetched
        {run.photosFailed > 0 && `, ${run.photosFailed.toLocaleString('en')} could not be; the next syncs try again`}.
      </p>
    )}
    {run.photosProblemMessage && (
      <Problem tone="warning" title="About photos">
        {run.photosProblemMessage} The rest of the sync is not affected.
      </Problem>
    )}
  </>
);
