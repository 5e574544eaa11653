import type { Clock } from '../../clock.ts';
import { AppError, isAppError } from '../../errors.ts';
import {
  type GooglePace,
  type GooglePhotos,
  isQuotaRefusal,
  LARGE_PHOTOS_AT_ONCE,
  type LargePhoto,
} from '../../google/index.ts';
import type { DirectoryAccess } from '../ports.ts';
import { createStretchToken } from '../reading/stretch-token.ts';
import type { SyncPace } from '../runs/pace.ts';
import type { DuePhoto } from './photo-queries.ts';
import { type Picture, readPicture } from './read-picture.ts';

export interface LookAtPhotosDependencies {
  readonly clock: Clock;
  readonly google: GooglePhotos;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly pace: SyncPace;
}

/** What became of one photo; `picture` is undefined when there is none. */
export type LookedAt =
  | {
      readonly kind: 'seen';
      readonly person: DuePhoto;
      readonly picture: Picture | undefined;
      readonly largeAsked: boolean;
    }
  | { readonly kind: 'failed'; readonly person: DuePhoto; readonly error: AppError };

/** Why nobody else is looked at for now: Google asks to wait, or there is nothing to wait for in this run. */
export type Halt =
  | { readonly kind: 'paused'; readonly error: AppError; readonly retryAfterMs: number }
  | { readonly kind: 'stopped'; readonly error: AppError };

export interface LookAtPhotos {
  readonly tenantId: string;
  readonly people: readonly DuePhoto[];
  readonly large: boolean;
  readonly endsAt: number;
  readonly signal: AbortSignal;
  readonly store: (photos: readonly LookedAt[]) => Promise<void>;
}

export interface LookedAtPhotos {
  readonly settled: number;
  readonly halt: Halt | undefined;
  /** Why the larger pictures were not to be had. */
  readonly largeRefused: AppError | undefined;
}

interface Turn {
  readonly person: DuePhoto;
  readonly tries: number;
}

const MOST_TRIES = 3;

/** That many answers of Google in a row that were no photo: it is not about the people any more. */
const MOST_FAILURES_IN_A_ROW = 20;

/** About a second's worth of requests. */
const PERMITS_AT_ONCE = 20;

const asAppError = (error: unknown): AppError =>
  isAppError(error)
    ? error
    : new AppError('INTERNAL', 'An unexpected error. It is tried again later.', { cause: error });

const isOver = ({ kind, code }: AppError): boolean => kind === 'unauthorized' || code === 'GOOGLE_API_DISABLED';

const sizeOf = (photo: LookedAt): number => (photo.kind === 'seen' ? (photo.picture?.bytes.length ?? 0) : 0);

/**
 * Looks at the photos of many people, a few at the same time and in the turns that the pace gives. One that fails is one
 * that failed: an outage is tried three times, and everything that is known is stored before a halt is told.
 *
 * @throws what `store` throws; the signal's reason
 */
export const createLookAtPhotos =
  ({ clock, google, access, googlePace, pace }: LookAtPhotosDependencies) =>
  async ({ tenantId, people, large, endsAt, signal, store }: LookAtPhotos): Promise<LookedAtPhotos> => {
    const turns: Turn[] = people.map((person) => ({ person, tries: 1 }));
    const token = createStretchToken(access, tenantId);
    const underWay = new Set<Promise<void>>();
    const located = new Map<string, LargePhoto | undefined>();
    const buffer: LookedAt[] = [];
    let bufferedBytes = 0;
    let storing: Promise<void> = Promise.resolve();
    let settled = 0;
    let failuresInARow = 0;
    let permits = 0;
    let parallel = pace.photosParallel;
    let wantsLarge = large;
    let largeRefused: AppError | undefined;
    let halt: Halt | undefined;
    let broken: { readonly error: unknown } | undefined;

    const pause = (error: AppError): Halt => ({
      kind: 'paused',
      error,
      retryAfterMs: error.retryAfterMs ?? pace.throttlePauseMs,
    });

    const haltFor = async (error: AppError): Promise<void> => {
      if (isQuotaRefusal(error)) await googlePace.slowDown(tenantId, error);
      halt ??= error.kind === 'throttled' || error.kind === 'transient' ? pause(error) : { kind: 'stopped', error };
    };

    const flush = (): Promise<void> => {
      const photos = buffer.splice(0);
      bufferedBytes = 0;
      if (photos.length > 0) storing = storing.then(() => store(photos));
      return storing;
    };

    const settle = async (photo: LookedAt): Promise<void> => {
      settled++;
      buffer.push(photo);
      bufferedBytes += sizeOf(photo);
      if (buffer.length >= pace.photoBatch || bufferedBytes >= pace.photoBatchBytes) await flush();
    };

    const fail = async ({ person, tries }: Turn, error: AppError): Promise<void> => {
      failuresInARow = error.code.startsWith('PHOTO_') ? 0 : failuresInARow + 1;
      const asksToWait = error.kind === 'throttled' || (error.kind === 'transient' && error.retryAfterMs !== undefined);
      if (asksToWait || isOver(error)) return haltFor(error);
      if (failuresInARow >= MOST_FAILURES_IN_A_ROW) await haltFor(error);
      if (error.kind !== 'transient') await settle({ kind: 'failed', person, error });
      else if (tries < MOST_TRIES) turns.push({ person, tries: tries + 1 });
      else if (!halt) await settle({ kind: 'failed', person, error });
    };

    const look = async (turn: Turn): Promise<void> => {
      const { google_id: googleId } = turn.person;
      const found = located.get(googleId);
      const largeAsked = wantsLarge;
      try {
        const picture = await token.use((accessToken) =>
          readPicture(google, { accessToken, googleId, large: found, signal }),
        );
        failuresInARow = 0;
        await settle({ kind: 'seen', person: turn.person, picture, largeAsked });
      } catch (error) {
        if (!signal.aborted) await fail(turn, asAppError(error));
      }
    };

    const locate = async (): Promise<void> => {
      const googleIds = turns.slice(0, LARGE_PHOTOS_AT_ONCE).map(({ person }) => person.google_id);
      located.clear();
      try {
        const found = await token.use((accessToken) => google.findLarge({ accessToken, googleIds, signal }));
        for (const id of googleIds) located.set(id, found.get(id));
      } catch (thrown) {
        signal.throwIfAborted();
        const error = asAppError(thrown);
        if (error.kind === 'throttled' || error.kind === 'transient') return haltFor(error);
        wantsLarge = false;
        largeRefused = error;
      }
    };

    const takeTurn = async (): Promise<void> => {
      try {
        const asked = Math.min(PERMITS_AT_ONCE, turns.length);
        const grant = await googlePace.take({ tenantId, permits: asked, urgency: 'photos', signal });
        permits = grant.permits;
        parallel = Math.max(1, Math.min(grant.parallel, pace.photosParallel));
      } catch (error) {
        signal.throwIfAborted();
        halt ??= pause(asAppError(error));
      }
    };

    /** Turns that were given are used, or the project would go without them. */
    const mayGoOn = (): boolean => !halt && !broken && !signal.aborted && (permits > 0 || clock().getTime() < endsAt);

    const dispatch = async (): Promise<void> => {
      while (mayGoOn() && (turns.length > 0 || underWay.size > 0)) {
        const [next] = turns;
        if (!next || underWay.size >= parallel) await Promise.race(underWay);
        else if (permits === 0) await takeTurn();
        else if (wantsLarge && !located.has(next.person.google_id)) {
          permits--;
          await locate();
        } else {
          turns.shift();
          permits--;
          const job: Promise<void> = look(next)
            .catch((error: unknown) => {
              broken ??= { error };
            })
            .finally(() => underWay.delete(job));
          underWay.add(job);
        }
      }
    };

    try {
      await token.open();
      await dispatch();
    } catch (error) {
      if (!signal.aborted) await haltFor(asAppError(error));
    }
    await Promise.all(underWay);
    if (broken) throw broken.error;
    await flush();
    signal.throwIfAborted();
    return { settled, halt, largeRefused };
  };
