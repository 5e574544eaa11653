import type { Clock } from '../../clock.ts';
import { containing } from '../../db/containing.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError, invalidField, isAppError, notFound } from '../../errors.ts';
import { type DirectoryUser, type GoogleDirectory, type GooglePace, inTurn } from '../../google/index.ts';
import { type Actor, recordAudit } from '../../tenants/index.ts';
import { allow } from '../allow.ts';
import { toPhotoEtag } from '../photos/photo-etag.ts';
import type { DirectoryAccess } from '../ports.ts';
import { selectChangedIds, upsertProfiles } from '../reading/listing-queries.ts';
import { hashProfile, toProfile } from '../reading/profile.ts';
import { isOfAnotherCompany } from '../reading/own-company.ts';
import { withAccessToken } from '../reading/with-access-token.ts';
import {
  type BindingPair,
  type BindingRow,
  deleteBinding,
  existsExtension,
  insertBindings,
  selectBindings,
  selectObstacles,
} from './binding-queries.ts';
import type { Matches } from './match-by-email.ts';

export interface BindingsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly directory: GoogleDirectory;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly matchByEmail: (tenantId: string) => Promise<Matches>;
}

export interface ListBindings {
  readonly tenantId: string;
  readonly limit: number;
  /** The extension number of the last one of the page before. */
  readonly afterNumber?: number | undefined;
  /** Part of a name, an address or a number. */
  readonly search?: string | undefined;
}

export interface AddBinding extends BindingPair {
  readonly tenantId: string;
  readonly signal: AbortSignal;
}

/** The table of who has which extension: looked at, added to and taken from by hand, and filled by matching. */
export const createBindings = (dependencies: BindingsDependencies) => {
  const { orm, clock, directory, access, googlePace, matchByEmail } = dependencies;

  const readOne = async (em: EntityManager, tenantId: string, googleId: string): Promise<BindingRow> => {
    const [row] = await selectBindings(em, { tenantId, googleId, afterNumber: 0, limit: 1, pattern: null });
    if (!row) throw notFound('binding');
    return row;
  };

  const askGoogle = async ({ tenantId, googleId, signal }: AddBinding): Promise<DirectoryUser> => {
    const ask = (accessToken: string) =>
      inTurn(googlePace, { tenantId, urgency: 'person', signal }, () =>
        directory.getUser({ accessToken, userKey: googleId, signal }),
      );
    const user = await withAccessToken(access, { tenantId }, ask).catch((error) => {
      if (isAppError(error, 'GOOGLE_NOT_FOUND') || isAppError(error, 'GOOGLE_FORBIDDEN')) return undefined;
      throw error;
    });
    if (!user || isOfAnotherCompany(user, await access.getCustomerId(tenantId)))
      throw invalidField('googleId', 'Google has no such person in this company. Search for the person again.');
    return user;
  };

  const audit = (em: EntityManager, actor: Actor, tenantId: string, action: string, row: Partial<BindingRow>) =>
    recordAudit(em, {
      actor,
      tenantId,
      at: clock(),
      action,
      target: { kind: 'binding', id: row.google_id ?? tenantId, name: row.google_email ?? row.google_id ?? '' },
      details: { extensionNumber: row.extension_number ?? null },
    });

  return {
    /** In the order of the extension numbers. */
    async list(
      actor: Actor,
      { tenantId, limit, afterNumber = 0, search }: ListBindings,
    ): Promise<readonly BindingRow[]> {
      allow(actor, tenantId, 'read');
      const pattern = search ? containing(search) : null;
      return selectBindings(orm.em.fork(), { tenantId, limit, afterNumber, pattern, googleId: null });
    },

    async get(actor: Actor, tenantId: string, googleId: string): Promise<BindingRow> {
      allow(actor, tenantId, 'read');
      return readOne(orm.em.fork(), tenantId, googleId);
    },

    /**
     * Binds somebody of the directory to an extension that is there; the next sync writes their details to it.
     *
     * @throws AppError NOT_FOUND, VALIDATION_FAILED, CONFLICT naming what is bound already; those of the directory
     */
    async add(actor: Actor, request: AddBinding): Promise<BindingRow> {
      const { tenantId, userId } = request;
      allow(actor, tenantId, 'admin');
      if (!(await existsExtension(orm.em.fork(), tenantId, userId))) throw notFound('user');
      const user = await askGoogle(request);
      const profile = toProfile(user);
      const person = { profile, hash: hashProfile(profile), photoEtag: toPhotoEtag(user.thumbnailPhotoEtag) };
      return orm.em.fork().transactional(async (em) => {
        if ((await selectChangedIds(em, tenantId, [person])).size > 0) await upsertProfiles(em, tenantId, [person]);
        const pair = { googleId: profile.googleId, userId };
        if ((await insertBindings(em, tenantId, [pair], false)).length === 0)
          throw await conflictOf(em, tenantId, pair);
        const row = await readOne(em, tenantId, profile.googleId);
        audit(em, actor, tenantId, 'user-sync.binding-added', row);
        return row;
      });
    },

    /** The extension stays as it is and belongs to nobody. @throws AppError NOT_FOUND */
    async remove(actor: Actor, tenantId: string, googleId: string): Promise<void> {
      allow(actor, tenantId, 'admin');
      await orm.em.fork().transactional(async (em) => {
        const row = await readOne(em, tenantId, googleId);
        if (!(await deleteBinding(em, tenantId, googleId))) throw notFound('binding');
        audit(em, actor, tenantId, 'user-sync.binding-removed', row);
      });
    },

    /** Who could be bound by their address, and who could not and why. @throws AppError SYNC_NOT_READ_YET */
    async match(actor: Actor, tenantId: string): Promise<Matches> {
      allow(actor, tenantId, 'read');
      return matchByEmail(tenantId);
    },

    /**
     * Binds the pairs that an administrator confirmed, as far as both sides are still free and share their address.
     *
     * @returns the Google ids that were bound
     */
    async saveMatches(actor: Actor, tenantId: string, pairs: readonly BindingPair[]): Promise<readonly string[]> {
      allow(actor, tenantId, 'admin');
      return orm.em.fork().transactional(async (em) => {
        const bound = await insertBindings(em, tenantId, pairs, true);
        recordAudit(em, {
          ...{ actor, tenantId, at: clock(), action: 'user-sync.bindings-matched' },
          target: { kind: 'user-sync', id: tenantId, name: 'User sync' },
          details: { asked: pairs.length, bound: bound.length },
        });
        return bound;
      });
    },
  };
};

const conflictOf = async (
  em: EntityManager,
  tenantId: string,
  { googleId, userId }: BindingPair,
): Promise<AppError> => {
  const obstacles = await selectObstacles(em, tenantId, googleId, userId);
  const own = obstacles.find((obstacle) => obstacle.google_id === googleId);
  if (own) {
    const message = `This person has the extension ${own.extension_number} already. Delete that binding first.`;
    return new AppError('CONFLICT', message, { fields: [{ field: 'googleId', message }] });
  }
  const [holder] = obstacles;
  const message = `The extension ${holder?.extension_number ?? ''} belongs to ${holder?.google_email ?? 'somebody else'} already. Delete that binding first.`;
  return new AppError('CONFLICT', message, { fields: [{ field: 'userId', message }] });
};
