import { createHash } from 'node:crypto';
import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleSpec,
  ServiceError,
} from '@temporalio/client';
import type { EncryptionKey } from '../config.ts';
import { syncTickWorkflowId, userSyncScheduleId } from '../contracts/ids.ts';
import { TENANT_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { queuePrefix, type TaskQueues } from '../contracts/task-queues.ts';
import type { SyncSchedules, WantedSchedule } from '../user-sync/index.ts';
import type { syncTick } from '../workflows/sync-tick.ts';
import { withOwnErrors } from './client-errors.ts';
import { clockOf, listedMark, noteOf, wantedMark } from './schedule-mark.ts';

const LIST_PAGE = 1_000;
const CHANGE_WAIT_MS = 5_000;
/** A page of the portal waits no longer. */
const LOOK_WAIT_MS = 2_000;

const TENANT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const MONTHS = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE'] as const),
  ...(['JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
];

const specOf = ({ times, jitterMs }: WantedSchedule): ScheduleSpec => {
  if (times.kind === 'every') {
    return { intervals: [{ every: times.everyMs, offset: times.offsetMs }], jitter: jitterMs };
  }
  const instead = times.instead.map(({ year, month, day, secondOfDay }) => ({
    ...{ year, month: MONTHS[month - 1] ?? 'JANUARY', dayOfMonth: day, ...clockOf(secondOfDay) },
    comment: 'Clocks go forward over the usual time.',
  }));
  return { calendars: [clockOf(times.secondOfDay), ...instead], timezone: times.timeZone, jitter: jitterMs };
};

/** The schedules of user sync in Temporal. Their notes carry the marks, because memos cannot be changed. */
export const createSyncSchedules = (
  client: Client,
  queues: TaskQueues,
  keys: readonly EncryptionKey[],
): SyncSchedules => {
  const prefix = queuePrefix(queues);
  const idOf = (tenantId: string): string => `${prefix}${userSyncScheduleId(tenantId)}`;
  const idStart = idOf('');
  const [key] = keys;
  const keyMark = createHash('sha256')
    .update(key?.key ?? '')
    .digest('hex');
  const within = <Result>(waitMs: number, call: () => Promise<Result>): Promise<Result> =>
    client.withDeadline(Date.now() + waitMs, call);

  const optionsOf = (wanted: WantedSchedule) => ({
    spec: specOf(wanted),
    action: {
      type: 'startWorkflow' as const,
      workflowType: 'syncTick' as unknown as typeof syncTick,
      workflowId: `${prefix}${syncTickWorkflowId(wanted.tenantId)}`,
      taskQueue: queues.workflows,
      args: [{ tenantId: wanted.tenantId }] as [{ tenantId: string }],
      typedSearchAttributes: [{ key: TENANT_ID_ATTRIBUTE, value: wanted.tenantId }],
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: wanted.catchUpMs, pauseOnFailure: false },
    state: { paused: wanted.paused, note: noteOf(wanted, keyMark) },
  });

  const update = (wanted: WantedSchedule): Promise<void> =>
    client.schedule.getHandle(idOf(wanted.tenantId)).update(() => optionsOf(wanted));

  const make = async (wanted: WantedSchedule): Promise<void> => {
    const attributes = [{ key: TENANT_ID_ATTRIBUTE, value: wanted.tenantId }];
    const scheduleId = idOf(wanted.tenantId);
    try {
      await client.schedule.create({ scheduleId, typedSearchAttributes: attributes, ...optionsOf(wanted) });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  };

  const remove = async (tenantId: string): Promise<void> => {
    try {
      await client.schedule.getHandle(idOf(tenantId)).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  };

  const put = async (wanted: WantedSchedule): Promise<void> => {
    try {
      await update(wanted);
    } catch (error) {
      // An outage, or times that Temporal does not take.
      if (error instanceof ServiceError || error instanceof TypeError) throw error;
      // Not there, or its input cannot be opened any more because the key it was made with is gone.
      if (!(error instanceof ScheduleNotFoundError)) await remove(wanted.tenantId);
      await make(wanted);
    }
  };

  return {
    markOf: (wanted) => wantedMark(wanted, keyMark),

    // Not the client's own list: it opens the memos of all schedules, and others' are not encrypted with our keys.
    marks: withOwnErrors(async () => {
      const marks = new Map<string, string>();
      const { namespace } = client.options;
      let nextPageToken: Uint8Array | undefined;
      do {
        const page = await client.workflowService.listSchedules({
          ...{ namespace, maximumPageSize: LIST_PAGE },
          ...(nextPageToken && { nextPageToken }),
        });
        for (const { scheduleId, info } of page.schedules ?? []) {
          const tenantId = scheduleId?.startsWith(idStart) ? scheduleId.slice(idStart.length) : '';
          if (TENANT_ID.test(tenantId)) marks.set(tenantId, listedMark(info ?? {}));
        }
        nextPageToken = page.nextPageToken;
      } while (nextPageToken && nextPageToken.length > 0);
      return marks;
    }),

    make: withOwnErrors((wanted) => within(CHANGE_WAIT_MS, () => make(wanted))),

    put: withOwnErrors((wanted) => within(CHANGE_WAIT_MS, () => put(wanted))),

    remove: withOwnErrors((tenantId) => within(CHANGE_WAIT_MS, () => remove(tenantId))),

    outlook: withOwnErrors(async (tenantId) => {
      try {
        const handle = client.schedule.getHandle(idOf(tenantId));
        const { info } = await within(LOOK_WAIT_MS, () => handle.describe());
        const missed = info.numActionsSkippedOverlap + info.numActionsMissedCatchupWindow;
        return { next: info.nextActionTimes, missed };
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      }
    }),
  };
};
