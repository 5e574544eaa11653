import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { AppError, isAppError } from '../../errors.ts';
import { type DirectoryPage, type GoogleDirectory, inTurn } from '../../google/index.ts';
import { toPhotoEtag } from '../photos/photo-etag.ts';
import type { StepControl } from '../ports.ts';
import { requireActive } from '../runs/active-run.ts';
import type { SyncPace } from '../runs/pace.ts';
import { markStep, type RunRow, restartListing, selectRun } from '../runs/run-queries.ts';
import { urgencyOf } from '../runs/urgency.ts';
import type { Asking } from './asking.ts';
import {
  advanceListing,
  hasProfiles,
  insertPage,
  type PageRead,
  type StoredProfile,
  selectChangedIds,
  upsertProfiles,
} from './listing-queries.ts';
import { hashProfile, toProfile } from './profile.ts';
import { createReadMembers, type ReadMembersDependencies } from './read-members.ts';
import { createWaitAsTold, type ReadProgress } from './wait-as-told.ts';
import { withAccessToken } from './with-access-token.ts';

export interface ReadDirectoryDependencies extends ReadMembersDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly directory: GoogleDirectory;
  readonly pace: SyncPace;
}

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

const MOST_LISTINGS = 5;

/**
 * Reads the directory page by page into the snapshot of a run, the next page under way while the last is stored. Each
 * page and the token of the next are stored in one transaction, so reading goes on where it ended, whoever ended it.
 *
 * After the people come the members of the scope's groups; the listing is complete when all of them were read.
 *
 * @throws AppError of the directory, a group or the access; SYNC_LISTING_UNSTABLE after five listings that did not finish
 */
export const createReadDirectory = ({
  orm,
  clock,
  directory,
  groups,
  access,
  googlePace,
  pace,
  commit,
}: ReadDirectoryDependencies) => {
  const waitAsTold = createWaitAsTold({ orm, clock, pace });
  const readMembers = createReadMembers({ groups, access, googlePace, commit });

  const fetchPage = (who: Asking, pageToken: string | undefined) =>
    withAccessToken(access, { tenantId: who.tenantId }, (accessToken) =>
      inTurn(googlePace, who, () => directory.listUsers({ accessToken, pageToken, signal: who.signal })),
    );

  /** @param isFirst nobody of the tenant was stored before this stretch, so there is nothing to compare with */
  const storePage = (key: RunKey, run: RunRow, { users, nextPageToken }: DirectoryPage, isFirst: boolean) => {
    const people = users.map((user): StoredProfile => {
      const profile = toProfile(user);
      return { profile, hash: hashProfile(profile), photoEtag: toPhotoEtag(user.thumbnailPhotoEtag) };
    });
    const googleIds = people.map(({ profile }) => profile.googleId);
    const read: PageRead = { ...key, listing: run.listing, page: run.pages_read, googleIds, nextPageToken };
    return commit('page-stored', async (em) => {
      if (!(await advanceListing(em, read))) return false;
      await insertPage(em, read);
      const changedIds = isFirst ? undefined : await selectChangedIds(em, key.tenantId, people);
      const changed = changedIds ? people.filter(({ profile }) => changedIds.has(profile.googleId)) : people;
      await upsertProfiles(em, key.tenantId, changed);
      return true;
    });
  };

  const startAgain = async ({ tenantId, runId }: RunKey, listing: number): Promise<void> => {
    if (listing >= MOST_LISTINGS) {
      throw new AppError(
        'SYNC_LISTING_UNSTABLE',
        'Google did not let the list of people be read to its end in five tries. Nobody was changed. Try again later; ' +
          'if it stays so, narrow the scope or look at the Google Workspace status page.',
      );
    }
    await commit('listing-begun', (em) => restartListing(em, tenantId, runId, clock()));
  };

  /** Where to read on; a listing that is too old for Google to continue begins again. */
  const openListing = async (key: RunKey) => {
    const run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
    const tooOld = (run.listing_age_ms ?? 0) > pace.listingMaxAgeMs;
    if (run.listing_complete || (run.listing_age_ms !== null && !tooOld)) return run;
    if (tooOld) await startAgain(key, run.listing);
    else await commit('listing-begun', (em) => restartListing(em, key.tenantId, key.runId, clock()));
    return requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
  };

  const readStretch = async (key: RunKey, control: StepControl, onStored: () => void): Promise<ReadProgress> => {
    const endsAt = clock().getTime() + pace.readStretchMs;
    let run = await openListing(key);
    const isFirst = !(await hasProfiles(orm.em.fork(), key.tenantId));
    const who = { tenantId: key.tenantId, urgency: urgencyOf(run.trigger), signal: control.signal };
    let pending: Promise<DirectoryPage> | undefined;
    while (!run.people_complete) {
      control.signal.throwIfAborted();
      pending ??= fetchPage(who, run.next_page_token ?? undefined);
      const page = await pending;
      const mayGoOn = clock().getTime() < endsAt;
      pending = page.nextPageToken && mayGoOn ? fetchPage(who, page.nextPageToken) : undefined;
      pending?.catch(() => undefined);
      const stored = await storePage(key, run, page, isFirst);
      if (stored) onStored();
      else pending = undefined;
      control.heartbeat({ done: run.users_read + page.users.length });
      run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
      if (!mayGoOn && !run.listing_complete) return { outcome: 'more' };
    }
    while (!run.listing_complete) {
      control.signal.throwIfAborted();
      if (await readMembers(who, run)) onStored();
      control.heartbeat({ done: run.users_read });
      run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
      if (clock().getTime() >= endsAt && !run.listing_complete) return { outcome: 'more' };
    }
    return { outcome: 'complete' };
  };

  return async (key: RunKey, control: StepControl): Promise<ReadProgress> => {
    await commit('step-begun', (em) => markStep(em, key.tenantId, key.runId, 'reading', control.attempt > 1, clock()));
    let storedPages = 0;
    try {
      return await readStretch(key, control, () => {
        storedPages++;
      });
    } catch (error) {
      if (isAppError(error, 'GOOGLE_PAGE_TOKEN_REJECTED')) {
        const run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
        await startAgain(key, run.listing);
        return { outcome: 'more' };
      }
      return waitAsTold(key, error, storedPages > 0);
    }
  };
};
