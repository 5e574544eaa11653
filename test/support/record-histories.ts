import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJson } from './history-json.ts';

export const HISTORIES = path.resolve(import.meta.dirname, '../replay/histories');

export type RecordedEvent = {
  eventType: string;
  activityTaskScheduledEventAttributes?: { activityType?: { name?: string } };
  workflowExecutionSignaledEventAttributes?: { signalName?: string };
  workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string } };
};
export type RecordedHistory = { events: RecordedEvent[] };

/** What replay compares: commands, and what the workflow was told. When a worker took a task up is left out. */
const shapeOf = ({ events }: RecordedHistory): string =>
  events
    .filter(({ eventType }) => !/_WORKFLOW_TASK_|_ACTIVITY_TASK_STARTED$/.test(eventType))
    .map(
      (event) =>
        `${event.eventType} ${event.activityTaskScheduledEventAttributes?.activityType?.name ?? ''} ` +
        `${event.workflowExecutionSignaledEventAttributes?.signalName ?? ''}`,
    )
    .join('\n');

/** Who polled and asked is of no use to anybody, and names the machine. */
const withoutIdentities = (json: string): string => json.replaceAll(/"\d+@[^"]*"/g, '"test"');

export const workflowTypeOf = ({ events }: RecordedHistory): string =>
  events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';

/** Keeps the history of every workflow that ran on this queue, one file for each different course. */
export const recordHistories = async (client: Client, taskQueue: string): Promise<void> => {
  fs.mkdirSync(HISTORIES, { recursive: true });
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = "${taskQueue}"` })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const json = withoutIdentities(JSON.stringify(historyToJson(history)));
    const recorded = JSON.parse(json) as RecordedHistory;
    if (!recorded.events.some(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')) continue;
    const course = createHash('sha256').update(shapeOf(recorded)).digest('hex').slice(0, 8);
    const file = path.join(HISTORIES, `${workflowTypeOf(recorded)}-${course}.json`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, `${JSON.stringify(recorded)}\n`);
  }
};
