import type { Clock } from '../clock.ts';
import { AdministratorEntity, PortalSessionEntity } from '../db/entities/index.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { type Actor, hashOpaqueToken, newOpaqueToken, recordAudit } from '../tenants/index.ts';
import { findSessionByHash } from './session-queries.ts';

export interface SessionLimits {
  /** A session unused for so long is over. */
  readonly idleMs: number;
  /** No session lives longer than this, used or not. */
  readonly absoluteMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { idleMs: 2 * 60 * 60_000, absoluteMs: 12 * 60 * 60_000 };

/** `last seen` is as exact as this, so that browsing does not write a row for every request. */
const LAST_SEEN_PRECISION_MS = 60_000;
const USER_AGENT_MAX_LENGTH = 400;

export interface PortalSessionView {
  readonly id: string;
  readonly actor: Actor;
  readonly email: string;
  readonly displayName: string;
}

export interface NewSession {
  readonly administrator: {
    readonly id: string;
    readonly tenantId: string;
    readonly email: string;
    readonly displayName: string;
  };
  readonly ip: string;
  readonly userAgent: string;
  /** The cookie the browser came with; that session ends, so a planted one is worth nothing. */
  readonly previousToken: string | undefined;
}

const actorOf = (
  { id, tenantId, email }: { id: string; tenantId: string; email: string },
  ip: string | undefined,
): Actor => ({ kind: 'administrator', id, name: email, tenantId, scopes: ['admin'], ip });

export interface PortalSessionsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly limits?: SessionLimits;
}

/** Sessions of administrators in the portal: an opaque cookie, of which only the hash is kept. */
export const createPortalSessions = ({ orm, clock, limits = DEFAULT_SESSION_LIMITS }: PortalSessionsDependencies) => {
  const before = (ms: number): Date => new Date(clock().getTime() - ms);

  const end = async (em: EntityManager, token: string): Promise<void> => {
    await em.nativeDelete(PortalSessionEntity, { tokenHash: hashOpaqueToken(token) });
  };

  return {
    /** Begins a session for someone who has proved who they are. The token goes into the cookie, nowhere else. */
    async begin({ administrator, ip, userAgent, previousToken }: NewSession): Promise<string> {
      const token = newOpaqueToken();
      const at = clock();
      const { id: administratorId, tenantId, email } = administrator;
      await orm.em.fork().transactional(async (em) => {
        if (previousToken) await end(em, previousToken);
        await em.nativeDelete(PortalSessionEntity, {
          tenantId,
          administratorId,
          $or: [{ createdAt: { $lte: before(limits.absoluteMs) } }, { lastSeenAt: { $lte: before(limits.idleMs) } }],
        });
        em.create(PortalSessionEntity, {
          id: crypto.randomUUID(),
          tenantId,
          administratorId,
          tokenHash: hashOpaqueToken(token),
          ip,
          userAgent: userAgent.slice(0, USER_AGENT_MAX_LENGTH),
          createdAt: at,
          lastSeenAt: at,
        });
        await em.nativeUpdate(AdministratorEntity, { tenantId, id: administratorId }, { lastSignedInAt: at });
        recordAudit(em, {
          actor: actorOf(administrator, ip),
          tenantId,
          at,
          action: 'administrator.signed-in',
          target: { kind: 'administrator', id: administratorId, name: email },
        });
      });
      return token;
    },

    /** Whose session this is; nobody when it is unknown, over, or its tenant is being deleted. */
    async authenticate(token: string, ip: string | undefined): Promise<PortalSessionView | undefined> {
      const em = orm.em.fork();
      const row = await findSessionByHash(em, hashOpaqueToken(token), {
        createdSince: before(limits.absoluteMs),
        seenSince: before(limits.idleMs),
        seenLatelySince: before(LAST_SEEN_PRECISION_MS),
      });
      if (!row) return undefined;
      if (!row.seen_lately) {
        await em.nativeUpdate(PortalSessionEntity, { tenantId: row.tenant_id, id: row.id }, { lastSeenAt: clock() });
      }
      const actor = actorOf({ id: row.administrator_id, tenantId: row.tenant_id, email: row.email }, ip);
      return { id: row.id, actor, email: row.email, displayName: row.display_name };
    },

    /** Ends the session; a token that is not known is no mistake. */
    async end(token: string): Promise<void> {
      await end(orm.em.fork(), token);
    },
  };
};

export type PortalSessions = ReturnType<typeof createPortalSessions>;
