import type { Clock } from '../../clock.ts';
import { type Approval, ApprovalEntity } from '../../db/entities/index.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError, notFound } from '../../errors.ts';
import type { RemovalStarter } from '../ports.ts';
import type { Commit } from '../runs/checkpoints.ts';
import { approve, type DecidedApproval, reject, rememberRejection, selectUnapplied } from './approval-queries.ts';

export interface ApprovalsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly commit: Commit;
  readonly removals: RemovalStarter;
  /** Told when approved removals could not be handed over; they are tried again by `startForgotten`. */
  readonly onStartFailed: (error: unknown, id: string) => void;
}

export interface DecideApproval {
  readonly tenantId: string;
  readonly id: string;
  readonly decidedBy: string;
  /** Runs in the transaction of the decision. */
  readonly alongside: (em: EntityManager, decided: DecidedApproval) => void;
}

export interface ListApprovals {
  readonly tenantId: string;
  readonly limit: number;
  readonly state?: Approval['state'] | undefined;
  /** The last approval of the page before. */
  readonly before?: { readonly createdAt: Date; readonly id: string } | undefined;
}

const FORGOTTEN_AFTER_MS = 5_000;

/** Removals that were too many to be believed, and what an administrator says of them. No run waits for it. */
export const createApprovals = ({ orm, clock, commit, removals, onStartFailed }: ApprovalsDependencies) => {
  const find = async (tenantId: string, id: string): Promise<Approval> => {
    const approval = await orm.em.fork().findOne(ApprovalEntity, { tenantId, id });
    if (!approval) throw notFound('approval');
    return approval;
  };

  const handOver = async (tenantId: string, approvalId: string): Promise<void> => {
    try {
      await removals.applyRemovals({ tenantId, approvalId });
    } catch (error) {
      onStartFailed(error, approvalId);
    }
  };

  const decide = async (request: DecideApproval, decision: 'approve' | 'reject'): Promise<void> => {
    const { tenantId, id, decidedBy } = request;
    await find(tenantId, id);
    await commit('approval-decided', async (em) => {
      const change = { tenantId, id, decidedBy, now: clock() };
      const decided = await (decision === 'approve' ? approve(em, change) : reject(em, change));
      if (!decided) throw decidedAlready(await find(tenantId, id));
      await rememberRejection(em, tenantId, decided.run_id, decision === 'reject');
      request.alongside(em, decided);
    });
  };

  return {
    find,

    /** Newest first. */
    list({ tenantId, limit, state, before }: ListApprovals): Promise<Approval[]> {
      const older = before && {
        $or: [{ createdAt: { $lt: before.createdAt } }, { createdAt: before.createdAt, id: { $gt: before.id } }],
      };
      return orm.em
        .fork()
        .find(
          ApprovalEntity,
          { tenantId, ...(state && { state }), ...older },
          { orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], limit },
        );
    },

    /**
     * Has the removals carried out, each looked at again first. A refusal may be taken back this way.
     *
     * @throws AppError NOT_FOUND; APPROVAL_DECIDED when a newer run replaced it, or it was approved before
     */
    async approve(request: DecideApproval): Promise<void> {
      await decide(request, 'approve');
      await handOver(request.tenantId, request.id);
    },

    /**
     * Keeps the people. Later runs keep them as well, for as long as they are away for the same reason.
     *
     * @throws AppError NOT_FOUND, APPROVAL_DECIDED
     */
    reject: (request: DecideApproval): Promise<void> => decide(request, 'reject'),

    /** Approved and not carried out yet. */
    async openIds(tenantId: string): Promise<string[]> {
      const open = await orm.em.fork().find(ApprovalEntity, { tenantId, state: 'approved' }, { fields: ['id'] });
      return open.map(({ id }) => id);
    },

    /** Hands over approved removals again that no workflow took up, because Temporal was away. */
    async startForgotten(): Promise<void> {
      const before = new Date(clock().getTime() - FORGOTTEN_AFTER_MS);
      for (const { tenant_id, id } of await selectUnapplied(orm.em.fork(), before)) await handOver(tenant_id, id);
    },
  };
};

export type Approvals = ReturnType<typeof createApprovals>;

const SAID: Readonly<Record<Approval['state'], string>> = {
  pending: 'A newer set of removals waits for an answer. Look at that one.',
  approved: 'These removals were approved already and are being carried out.',
  applied: 'These removals were approved and carried out already.',
  rejected: 'These removals were rejected already.',
  replaced: 'A newer sync looked at everybody again and took the place of these removals. Look at the newest ones.',
};

const decidedAlready = ({ state }: Approval): AppError => new AppError('APPROVAL_DECIDED', SAID[state]);
