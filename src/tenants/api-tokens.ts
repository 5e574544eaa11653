import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { type ApiToken, ApiTokenEntity } from '../db/entities/index.ts';
import type { Orm } from '../db/orm.ts';
import { notFound } from '../errors.ts';
import { findTokenByHash } from './access-queries.ts';
import { type Actor, authorize, SCOPES, type Scope } from './actor.ts';
import { recordAudit } from './audit.ts';
import { hashOpaqueToken, newOpaqueToken } from './opaque-token.ts';
import { type Page, type PageRequest, toPage } from './page.ts';

const TOKEN_PREFIX = 'pgw_';
const VISIBLE_CHARACTERS = 8;
/** `last used` is as exact as this, so that a busy token does not write a row for every request. */
const LAST_USED_PRECISION_MS = 60_000;

export const apiTokenInputSchema = z.object({
  name: z.string().trim().min(1, 'Say what the token is for.').max(128, 'Use at most 128 characters.'),
  scopes: z
    .array(z.enum(SCOPES, `A scope is one of ${SCOPES.join(', ')}.`))
    .min(1, 'Choose at least one scope.')
    .transform((scopes) => [...new Set(scopes)]),
});

export type ApiTokenInput = z.output<typeof apiTokenInputSchema>;

export interface ApiTokenView {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: Scope[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export interface ApiTokenPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** As much of a token as lists may show. */
export const visiblePrefix = (token: string): string =>
  token.startsWith(TOKEN_PREFIX) ? token.slice(0, TOKEN_PREFIX.length + VISIBLE_CHARACTERS) : token.slice(0, 4);

const toView = (token: ApiToken): ApiTokenView => ({
  id: token.id,
  name: token.name,
  prefix: token.prefix,
  scopes: token.scopes,
  createdBy: token.createdBy,
  createdAt: token.createdAt,
  lastUsedAt: token.lastUsedAt ?? null,
});

const targetOf = ({ id, name }: ApiToken) => ({ kind: 'api-token', id, name });

export const createApiTokens = ({ orm, clock }: { readonly orm: Orm; readonly clock: Clock }) => ({
  async list(
    actor: Actor,
    tenantId: string,
    { after, limit }: PageRequest<ApiTokenPosition>,
  ): Promise<Page<ApiTokenView, ApiTokenPosition>> {
    authorize(actor, tenantId, 'admin');
    const rows = await orm.em.fork().find(
      ApiTokenEntity,
      {
        tenantId,
        ...(after && {
          $or: [
            { createdAt: { $lt: new Date(after.createdAt) } },
            { createdAt: new Date(after.createdAt), id: { $lt: after.id } },
          ],
        }),
      },
      { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], limit: limit + 1 },
    );
    return toPage(rows, limit, toView, ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }));
  },

  /** Makes a token of the level. `token` is told here and never again: only its hash is kept. */
  async create(
    actor: Actor,
    tenantId: string,
    input: ApiTokenInput,
  ): Promise<{ readonly token: string; readonly apiToken: ApiTokenView }> {
    authorize(actor, tenantId, 'admin');
    const token = newOpaqueToken(TOKEN_PREFIX);
    const at = clock();
    const apiToken = await orm.em.fork().transactional(async (em) => {
      const row = em.create(ApiTokenEntity, {
        id: crypto.randomUUID(),
        tenantId,
        name: input.name,
        prefix: visiblePrefix(token),
        tokenHash: hashOpaqueToken(token),
        scopes: input.scopes,
        createdBy: actor.name,
        createdAt: at,
      });
      recordAudit(em, {
        actor,
        tenantId,
        at,
        action: 'api-token.created',
        target: targetOf(row),
        details: { scopes: input.scopes },
      });
      await em.flush();
      return toView(row);
    });
    return { token, apiToken };
  },

  /** Ends a token at once. */
  async revoke(actor: Actor, tenantId: string, id: string): Promise<void> {
    authorize(actor, tenantId, 'admin');
    await orm.em.fork().transactional(async (em) => {
      const token = await em.findOne(ApiTokenEntity, { tenantId, id });
      if (!token) throw notFound('API token');
      recordAudit(em, { actor, tenantId, at: clock(), action: 'api-token.revoked', target: targetOf(token) });
      em.remove(token);
    });
  },

  /** Who holds this token; nobody when it is unknown, revoked, or its tenant is being deleted. */
  async authenticate(token: string, ip: string | undefined): Promise<Actor | undefined> {
    const now = clock();
    const em = orm.em.fork();
    const row = await findTokenByHash(em, {
      hash: hashOpaqueToken(token),
      seenSince: new Date(now.getTime() - LAST_USED_PRECISION_MS),
    });
    if (!row) return undefined;
    if (!row.seen_lately) {
      await em.nativeUpdate(ApiTokenEntity, { tenantId: row.tenant_id, id: row.id }, { lastUsedAt: now });
    }
    return { kind: 'api-token', id: row.id, name: row.name, tenantId: row.tenant_id, scopes: row.scopes, ip };
  },
});

export type ApiTokens = ReturnType<typeof createApiTokens>;
