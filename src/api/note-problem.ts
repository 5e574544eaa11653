import type { AppError } from '../errors.ts';
import type { AppContext } from './environment.ts';

/** What every answer to an error carries, page or not: its code for the access log, and how long to wait. */
export const noteProblem = (c: AppContext, error: AppError): void => {
  c.set('problemCode', error.code);
  if (error.retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
};
