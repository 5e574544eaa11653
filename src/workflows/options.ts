import type { ActivityOptions } from '@temporalio/common';

// Every time limit of every activity, each with its reason. The queue is added where the workflow runs:
// `proxyActivities<A>({ ...tokenActivity, taskQueue: taskQueuesBeside(workflowInfo().taskQueue).google })`.

/** A step beats every three seconds while its process lives; a killed worker’s step goes to another one after this. */
const STEP_HEARTBEAT = '10 seconds';

/** A few statements on our own database: an attempt is short, and an outage of the database is waited out. */
export const databaseActivity: ActivityOptions = {
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '1 hour',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
};

/**
 * One stretch of reading the directory: about 10 s of pages by its own budget, ten minutes for a very slow Google. A
 * page that takes more than a minute is given up by the client. Two hours of nothing but failures end the run.
 */
export const readDirectoryActivity: ActivityOptions = {
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: STEP_HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/**
 * One time of a schedule. A database that is away is waited out for a day, so that no outage costs a run; meanwhile the
 * schedule starts no other tick, and one is enough to catch up.
 */
export const tickActivity: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** One transaction over the whole snapshot: seconds at 100,000 people, minutes on a loaded machine. */
export const planActivity: ActivityOptions = {
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: STEP_HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
};

/** Batches for about 10 s, then back to the workflow; a remote PBX may take long for one batch. */
export const applyActivity: ActivityOptions = {
  startToCloseTimeout: '10 minutes',
  scheduleToCloseTimeout: '4 hours',
  heartbeatTimeout: STEP_HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/**
 * One stretch of photos: about ten seconds by its own budget. Photos are no reason to keep a run open, so half an hour of nothing
 * but failures leaves them to the next run. Whatever else waits for Google goes first.
 */
export const photosActivity: ActivityOptions = {
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '30 minutes',
  heartbeatTimeout: STEP_HEARTBEAT,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Google may ask photos to wait this long; without a single one in that time they are left to the next run. */
export const photosPatienceMs = 10 * 60_000;

/**
 * The exchange of a one-time code. A code serves once, so a lost answer ends in "authorize again" rather than in
 * retries; the few attempts are for the time before Google was reached.
 */
export const exchangeActivity: ActivityOptions = {
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 seconds' },
};

/** A refresh ahead of expiry: Google's outages are waited out, the grant's end is an answer and not an error. */
export const tokenActivity: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '5 minutes' },
};

/**
 * A look at a tenant's channels: at most three are opened and as many stopped, 20 s each at worst. What Google refuses
 * is an answer with a time to come back at; only an outage of our own database is retried.
 */
export const pushActivity: ActivityOptions = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: STEP_HEARTBEAT,
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** A consent starts with its first request in the same call; one whose request was refused has nothing to wait for. */
export const firstRequestWait = '1 minute';

/** A round an hour makes this three weeks; the server asks sooner when the history is large. */
export const upkeepRoundsPerRun = 500;

/** A round every few hours makes this weeks; the server asks sooner when the history is large. */
export const pushRoundsPerRun = 100;
