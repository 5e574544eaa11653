import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { type AppError, isAppError } from '../../errors.ts';
import type { GooglePace, GooglePhotos } from '../../google/index.ts';
import type { DirectoryAccess, StepControl } from '../ports.ts';
import { requireActive } from '../runs/active-run.ts';
import type { Commit } from '../runs/checkpoints.ts';
import type { SyncPace } from '../runs/pace.ts';
import { markStep, noteWaiting, selectRun } from '../runs/run-queries.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { createLookAtPhotos, type LookedAt } from './look-at-photos.ts';
import {
  dropAllPhotos,
  dropGonePhotos,
  dropUnusedContents,
  type FailedPhoto,
  insertPhotoContents,
  type PhotoContent,
  type SeenPhoto,
  saveFailedPhotos,
  saveSeenPhotos,
  selectDuePhotos,
} from './photo-queries.ts';
import { photoRetryMs } from './photo-retry.ts';
import { countPhotos, savePhotosProblem, savePhotosTotal } from './photo-run-queries.ts';

export interface SyncPhotosDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly access: DirectoryAccess;
  readonly photos: GooglePhotos;
  readonly googlePace: GooglePace;
  readonly pace: SyncPace;
  readonly commit: Commit;
}

/** How far one stretch came. `paused`: what was found is stored, and Google asks to wait; `moved` when anything was. */
export type PhotosProgress =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'more' }
  | { readonly outcome: 'paused'; readonly retryAfterMs: number; readonly moved: boolean };

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

const toSeen = ({ person, picture, largeAsked }: Extract<LookedAt, { kind: 'seen' }>): SeenPhoto => ({
  googleId: person.google_id,
  etag: person.etag,
  content: picture?.hash ?? null,
  source: picture?.source ?? null,
  largeAsked,
});

const toFailed = ({ person, error }: Extract<LookedAt, { kind: 'failed' }>, now: Date): FailedPhoto => {
  const failures = person.failures + 1;
  return {
    googleId: person.google_id,
    etag: person.etag,
    failures,
    retryAt: new Date(now.getTime() + photoRetryMs(failures)),
    code: error.code,
    message: error.publicMessage,
  };
};

/** Each content once, in the order of the hashes, so that two writers never wait for each other in a circle. */
const contentsOf = (photos: readonly LookedAt[]): PhotoContent[] => {
  const pictures = photos.flatMap((photo) => (photo.kind === 'seen' && photo.picture ? [photo.picture] : []));
  const byHash = new Map(pictures.map((picture) => [picture.hash, picture]));
  return [...byHash.values()].sort((one, other) => (one.hash < other.hash ? -1 : 1));
};

/**
 * Fetches the photos that changed, for one stretch: only of people who are bound and enabled, and only where Google's
 * etag is not the one that was seen last. Each photo is stored with its etag, so whoever goes on begins behind it. What
 * Google refuses is noted on the run and never fails it.
 *
 * @throws AppError SYNC_RUN_SUPERSEDED, SYNC_RUN_CANCELLED
 */
export const createSyncPhotos = (dependencies: SyncPhotosDependencies) => {
  const { orm, clock, settings, access, photos, pace, commit } = dependencies;
  const lookAt = createLookAtPhotos({ ...dependencies, google: photos });

  const storeFor = (key: RunKey, control: StepControl) => {
    let stored = 0;
    return async (looked: readonly LookedAt[]): Promise<void> => {
      const now = clock();
      const storing = { ...key, now };
      const seen = looked.flatMap((photo) => (photo.kind === 'seen' ? [toSeen(photo)] : []));
      const failures = looked.flatMap((photo) => (photo.kind === 'failed' ? [toFailed(photo, now)] : []));
      await commit('photos-stored', async (em) => {
        await insertPhotoContents(em, key.tenantId, contentsOf(looked));
        const done = await saveSeenPhotos(em, storing, seen);
        const failed = await saveFailedPhotos(em, storing, failures);
        await countPhotos(em, key.tenantId, key.runId, { done, failed });
      });
      stored += looked.length;
      control.heartbeat({ done: stored });
      requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, now));
    };
  };

  /** Why the larger pictures cannot be asked for; the small ones can all the same. */
  const refusalOfLarge = async (tenantId: string): Promise<AppError | undefined> => {
    try {
      await access.requireReady(tenantId, 'largePhotos');
      return undefined;
    } catch (error) {
      if (!isAppError(error)) throw error;
      return error;
    }
  };

  const tidy = (tenantId: string): Promise<void> =>
    orm.em.fork().transactional((em) => dropUnusedContents(em, tenantId));

  return async (key: RunKey, control: StepControl): Promise<PhotosProgress> => {
    const { tenantId, runId } = key;
    const endsAt = clock().getTime() + pace.photoStretchMs;
    const em = orm.em.fork();
    const run = requireActive(await selectRun(em, tenantId, runId, clock()));
    const wanted = await settings.read(tenantId);
    if (run.dry_run) return { outcome: 'complete' };
    if (!wanted.photos) {
      await em.transactional((tx) => dropAllPhotos(tx, tenantId));
      return { outcome: 'complete' };
    }
    await dropGonePhotos(em, tenantId);
    const notGranted = wanted.largePhotos ? await refusalOfLarge(tenantId) : undefined;
    const large = wanted.largePhotos && !notGranted;
    const ofRun = run.partial ? runId : null;
    const due = await selectDuePhotos(em, { tenantId, ofRun, large, now: clock(), limit: pace.photoStretch });
    if (due.total === 0) {
      await tidy(tenantId);
      return { outcome: 'complete' };
    }
    await commit('photos-counted', async (tx) => {
      await markStep(tx, tenantId, runId, 'photos', control.attempt > 1, clock());
      await savePhotosTotal(tx, tenantId, runId, due.total);
    });

    const store = storeFor(key, control);
    const { settled, halt, largeRefused } = await lookAt({
      ...key,
      people: due.people,
      large,
      endsAt,
      signal: control.signal,
      store,
    });
    const problem = halt?.error ?? largeRefused ?? notGranted;
    const note = problem ? { code: problem.code, message: problem.publicMessage } : null;
    await savePhotosProblem(em, tenantId, runId, note);
    if (halt?.kind === 'paused') {
      const until = new Date(clock().getTime() + halt.retryAfterMs);
      await noteWaiting(em, tenantId, runId, { until, code: halt.error.code });
      return { outcome: 'paused', retryAfterMs: halt.retryAfterMs, moved: settled > 0 };
    }
    if (!halt && settled === 0) return { outcome: 'paused', retryAfterMs: pace.throttlePauseMs, moved: false };
    if (!halt && settled < due.total) return { outcome: 'more' };
    await tidy(tenantId);
    return { outcome: 'complete' };
  };
};
