/** One queue per limited resource, so that each has its own pace and none starves another. */
export interface TaskQueues {
  /** Workflow tasks, and activities that only touch our database. */
  readonly workflows: string;
  readonly google: string;
  readonly pbx: string;
}

export const TASK_QUEUES: TaskQueues = { workflows: 'workflows', google: 'google', pbx: 'pbx' };
