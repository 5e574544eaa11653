import type { KeepPushChannelsInput } from '../contracts/index.ts';
import type { PushStep, UserSync } from '../user-sync/index.ts';
import { runStep } from './step-control.ts';

/** Upkeep of the channels through which Google tells of changes. Their tokens stay in the database, as hashes. */
export const createPushActivities = ({ push }: Pick<UserSync, 'push'>) => ({
  keepPushChannels: (tenant: KeepPushChannelsInput): Promise<PushStep> =>
    runStep((control) => push.keep(tenant, control)),
  stopPushChannels: (tenant: KeepPushChannelsInput): Promise<void> => runStep(() => push.stop(tenant)),
});

export type PushActivities = ReturnType<typeof createPushActivities>;
