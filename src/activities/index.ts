import type { Authorization } from '../authorization/index.ts';
import type { UserSync } from '../user-sync/index.ts';
import { createAuthorizationActivities } from './authorization.ts';
import { createPushActivities } from './push.ts';
import { createScheduleActivities } from './schedule.ts';
import { createUserSyncActivities } from './user-sync.ts';

export interface ActivityFeatures {
  readonly authorization: Authorization;
  readonly userSync: UserSync;
}

/** Everything a worker can do, by the names that workflows call it. */
export const createActivities = ({ authorization, userSync }: ActivityFeatures) => ({
  ...createAuthorizationActivities(authorization),
  ...createUserSyncActivities(userSync),
  ...createScheduleActivities(userSync),
  ...createPushActivities(userSync),
});
