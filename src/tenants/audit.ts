import { type AuditEntry, AuditEntryEntity } from '../db/entities/index.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { type Actor, authorize } from './actor.ts';
import { type Page, type PageRequest, toPage } from './page.ts';

/** Plain facts about a change; never a secret, not even a part of one. */
export type AuditDetails = Record<string, string | number | boolean | null | string[]>;

export interface AuditTarget {
  /** Such as `tenant`, `api-token`, `integration`. */
  readonly kind: string;
  readonly id: string;
  /** As people know it at that moment. */
  readonly name: string;
}

export interface NewAuditEntry {
  readonly actor: Actor;
  /** The level whose record this is. */
  readonly tenantId: string;
  readonly at: Date;
  /** `<what>.<done>`, such as `api-token.created`. */
  readonly action: string;
  readonly target: AuditTarget;
  readonly details?: AuditDetails;
}

export type RecordAudit = (em: EntityManager, entry: NewAuditEntry) => void;

/**
 * Adds an entry to the caller's transaction: the change and its record are both kept or both lost.
 *
 * @throws Error when called outside a transaction, which is a mistake in the program
 */
export const recordAudit: RecordAudit = (em, { actor, tenantId, at, action, target, details = {} }) => {
  if (!em.isInTransaction())
    throw new Error(`The audit entry "${action}" must be written in the change's transaction.`);
  em.create(AuditEntryEntity, {
    id: crypto.randomUUID(),
    tenantId,
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    actorTenantId: actor.tenantId,
    ip: actor.ip ?? null,
    action,
    targetKind: target.kind,
    targetId: target.id,
    targetName: target.name,
    details: { ...details },
  });
};

export interface AuditView {
  readonly id: string;
  readonly at: Date;
  readonly actor: { readonly kind: Actor['kind']; readonly id: string; readonly name: string };
  readonly ip: string | null;
  readonly action: string;
  readonly target: AuditTarget;
  readonly details: AuditDetails;
}

export interface AuditPosition {
  readonly seq: number;
}

const toView = (entry: AuditEntry): AuditView => ({
  id: entry.id,
  at: entry.at,
  actor: { kind: entry.actorKind, id: entry.actorId, name: entry.actorName },
  ip: entry.ip ?? null,
  action: entry.action,
  target: { kind: entry.targetKind, id: entry.targetId, name: entry.targetName },
  details: entry.details,
});

export const createAuditLog = ({ orm }: { orm: Orm }) => ({
  /** The record of one level, newest first. */
  async list(
    actor: Actor,
    tenantId: string,
    { after, limit }: PageRequest<AuditPosition>,
  ): Promise<Page<AuditView, AuditPosition>> {
    authorize(actor, tenantId, 'admin');
    const rows = await orm.em
      .fork()
      .find(
        AuditEntryEntity,
        { tenantId, ...(after && { seq: { $lt: after.seq } }) },
        { orderBy: { seq: 'desc' }, limit: limit + 1 },
      );
    return toPage(rows, limit, toView, ({ seq }) => ({ seq }));
  },
});

export type AuditLog = ReturnType<typeof createAuditLog>;
