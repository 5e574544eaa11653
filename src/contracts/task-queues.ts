/** One queue per limited resource, so that each has its own pace and none starves another. */
export interface TaskQueues {
  /** Workflow tasks, and activities that only touch our database. */
  readonly workflows: string;
  readonly google: string;
  /** Pictures of people: many small requests that nobody waits for, so they take no slot of what is waited for. */
  readonly photos: string;
  readonly pbx: string;
}

/** @param prefix keeps several installations (or tests) apart in one Temporal namespace */
export const taskQueues = (prefix = ''): TaskQueues => ({
  workflows: `${prefix}workflows`,
  google: `${prefix}google`,
  photos: `${prefix}photos`,
  pbx: `${prefix}pbx`,
});

/** What keeps the names of this installation apart from those of others. */
export const queuePrefix = ({ workflows }: TaskQueues): string => workflows.slice(0, -'workflows'.length);

/** The queues of the installation that a workflow runs in, told by the queue it runs on. */
export const taskQueuesBeside = (workflowQueue: string): TaskQueues =>
  taskQueues(workflowQueue.slice(0, -'workflows'.length));
