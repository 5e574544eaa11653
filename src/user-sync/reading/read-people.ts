import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { type ErrorCode, isAppError } from '../../errors.ts';
import { type DirectoryUser, type GoogleDirectory, type GooglePace, inTurn } from '../../google/index.ts';
import { toPhotoEtag } from '../photos/photo-etag.ts';
import type { DirectoryAccess, StepControl } from '../ports.ts';
import { requireActive } from '../runs/active-run.ts';
import type { Commit } from '../runs/checkpoints.ts';
import type { SyncPace } from '../runs/pace.ts';
import { advancePeople, type PersonOutcome, selectUnreadPeople } from '../runs/partial-run-queries.ts';
import { markStep, selectRun } from '../runs/run-queries.ts';
import { insertPage, type StoredProfile, selectChangedIds, upsertProfiles } from './listing-queries.ts';
import { hashProfile, toProfile } from './profile.ts';
import { isOfAnotherCompany } from './own-company.ts';
import { createWaitAsTold, type ReadProgress } from './wait-as-told.ts';
import { withAccessToken } from './with-access-token.ts';

export interface ReadPeopleDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly directory: GoogleDirectory;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly pace: SyncPace;
  readonly commit: Commit;
}

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

interface Reading {
  readonly tenantId: string;
  readonly customerId: string | undefined;
  readonly signal: AbortSignal;
}

interface Read {
  readonly key: string;
  /** Undefined: Google does not tell of this person. It proves nothing; a full run decides. */
  readonly user: DirectoryUser | undefined;
  readonly outcome: PersonOutcome;
}

const ABSENT: readonly ErrorCode[] = ['GOOGLE_NOT_FOUND', 'GOOGLE_DOMAIN_NOT_FOUND', 'GOOGLE_REQUEST_REJECTED'];

/** Google refuses to tell of addresses of other companies; of an id it gave us itself it refuses for a reason. */
const isAbsence = (error: unknown, key: string): boolean =>
  isAppError(error) && (ABSENT.includes(error.code) || (error.code === 'GOOGLE_FORBIDDEN' && key.includes('@')));

/**
 * Reads the people of a partial run one by one, a few at a time, and stores them like pages of a listing that is never
 * complete. From its begin on nobody joins the run. What was read is stored before a failure is told, so reading goes
 * on where it ended.
 *
 * @throws AppError of the directory or of the access
 */
export const createReadPeople = ({
  orm,
  clock,
  directory,
  access,
  googlePace,
  pace,
  commit,
}: ReadPeopleDependencies) => {
  const waitAsTold = createWaitAsTold({ orm, clock, pace });

  const ask = (tenantId: string, userKey: string, signal: AbortSignal): Promise<DirectoryUser | undefined> =>
    withAccessToken(access, { tenantId }, (accessToken) =>
      inTurn(googlePace, { tenantId, urgency: 'person', signal }, () =>
        directory.getUser({ accessToken, userKey, signal }),
      ),
    );

  const readOne = async ({ tenantId, customerId, signal }: Reading, key: string): Promise<Read> => {
    try {
      const user = await ask(tenantId, key, signal);
      if (!user) return { key, user, outcome: 'absent' };
      if (isOfAnotherCompany(user, customerId)) return { key, user: undefined, outcome: 'other-company' };
      return { key, user, outcome: 'read' };
    } catch (error) {
      if (isAbsence(error, key)) return { key, user: undefined, outcome: 'absent' };
      throw error;
    }
  };

  /** A few at a time; after the first failure nobody new is asked for, and what came is kept. */
  const readSome = async (reading: Reading, keys: readonly string[]) => {
    const waiting = [...keys];
    const read: Read[] = [];
    let failure: unknown;
    const work = async () => {
      for (let key = waiting.shift(); key !== undefined && failure === undefined; key = waiting.shift()) {
        try {
          read.push(await readOne(reading, key));
        } catch (error) {
          failure ??= error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(pace.peopleParallel, keys.length) }, work));
    return { read, failure };
  };

  const store = async (key: RunKey, page: number, read: readonly Read[]): Promise<void> => {
    const people = read.flatMap(({ user }): StoredProfile[] => {
      if (!user) return [];
      const profile = toProfile(user);
      return [{ profile, hash: hashProfile(profile), photoEtag: toPhotoEtag(user.thumbnailPhotoEtag) }];
    });
    const googleIds = people.map(({ profile }) => profile.googleId);
    const keys = read.map(({ key, outcome }) => ({ key, outcome }));
    await commit('page-stored', async (em) => {
      if (!(await advancePeople(em, { ...key, page, keys, googleIds }))) return;
      await insertPage(em, { ...key, listing: 0, page, googleIds, nextPageToken: undefined });
      const changed = await selectChangedIds(em, key.tenantId, people);
      await upsertProfiles(
        em,
        key.tenantId,
        people.filter(({ profile }) => changed.has(profile.googleId)),
      );
    });
  };

  return async (key: RunKey, control: StepControl): Promise<ReadProgress> => {
    const endsAt = clock().getTime() + pace.readStretchMs;
    const customerId = await access.getCustomerId(key.tenantId);
    const reading = { tenantId: key.tenantId, customerId, signal: control.signal };
    let storedPeople = 0;
    await commit('step-begun', (em) => markStep(em, key.tenantId, key.runId, 'reading', control.attempt > 1, clock()));
    for (;;) {
      control.signal.throwIfAborted();
      const em = orm.em.fork();
      const run = requireActive(await selectRun(em, key.tenantId, key.runId, clock()));
      const keys = run.planned ? [] : await selectUnreadPeople(em, key.tenantId, key.runId, pace.peoplePage);
      if (keys.length === 0) return { outcome: 'complete' };
      const { read, failure } = await readSome(reading, keys);
      if (read.length > 0) await store(key, run.pages_read, read);
      control.heartbeat({ done: run.users_read + read.length });
      storedPeople += read.length;
      if (failure !== undefined) return waitAsTold(key, failure, storedPeople > 0);
      if (clock().getTime() >= endsAt) return { outcome: 'more' };
    }
  };
};
