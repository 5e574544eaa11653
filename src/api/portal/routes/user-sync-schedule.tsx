import { Hono } from 'hono';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { withNotice } from '../notices.ts';

const ROOT = '/tenants/:tenantId/google-workspace/user-sync/schedule';

/** *Pause* and *Resume* of the schedule. Pressing one twice changes nothing more. */
export const createUserSyncSchedulePages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const setPaused = async (c: AppContext, paused: boolean) => {
    const tenantId = c.get('tenantId');
    await userSync.administration.saveSettings(c.get('actor'), { tenantId, change: { paused } });
    const overview = `/tenants/${tenantId}/google-workspace/user-sync`;
    return c.redirect(withNotice(overview, paused ? 'schedule-paused' : 'schedule-resumed'), 303);
  };

  return new Hono<AppEnv>()
    .post(`${ROOT}/pause`, requireActor('admin'), (c) => setPaused(c, true))
    .post(`${ROOT}/resume`, requireActor('admin'), (c) => setPaused(c, false));
};
