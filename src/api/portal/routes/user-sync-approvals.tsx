import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../../errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { statusOf, toAppError } from '../../problem-details.ts';
import { PageHead } from '../components/page-head.tsx';
import { levelOf } from '../level.ts';
import { withNotice } from '../notices.ts';
import { page } from '../page.tsx';
import { ApprovalPage } from '../pages/user-sync/approvals.tsx';

const BASE = '/tenants/:tenantId/google-workspace/user-sync';
const ROOT = `${BASE}/approvals/:approvalId`;
const CHANGES_SHOWN = 200;

/** The page of removals that wait for an administrator, and its two answers. */
export const createUserSyncApprovalPages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const { administration } = userSync;
  const baseOf = (c: AppContext) => `/tenants/${c.get('tenantId')}/google-workspace/user-sync`;
  const idOf = (c: AppContext): string => {
    const id = z.uuid().safeParse(c.req.param('approvalId'));
    if (!id.success) throw notFound('approval');
    return id.data;
  };

  const show = async (c: AppContext, message?: string) => {
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const approval = await administration.getApproval(actor, tenantId, idOf(c));
    const query = { tenantId, runId: approval.runId, removals: true, limit: CHANGES_SHOWN };
    const changes = await administration.listChanges(actor, query);
    return page(
      c,
      { title: 'Removals held back', active: 'google-workspace', ...(message && { status: 409 }) },
      <>
        <PageHead title="Removals held back" back={{ href: baseOf(c), label: 'User sync' }} />
        <ApprovalPage
          base={baseOf(c)}
          approval={approval}
          changes={changes}
          message={message}
          timeZone={levelOf(c).timeZone}
        />
      </>,
    );
  };

  const decide = (decision: 'approve' | 'reject') => async (c: AppContext) => {
    const id = idOf(c);
    try {
      await administration.decideApproval(c.get('actor'), { tenantId: c.get('tenantId'), id, decision });
    } catch (error) {
      const refusal = toAppError(error);
      if (statusOf(refusal) !== 409) throw error;
      return show(c, refusal.publicMessage);
    }
    const notice = decision === 'approve' ? 'removals-approved' : 'removals-rejected';
    return c.redirect(withNotice(`${baseOf(c)}/approvals/${id}`, notice), 303);
  };

  return new Hono<AppEnv>()
    .get(ROOT, requireActor('read'), (c) => show(c))
    .post(`${ROOT}/approve`, requireActor('admin'), decide('approve'))
    .post(`${ROOT}/reject`, requireActor('admin'), decide('reject'));
};
