import type { Context } from 'hono';
import type { AppEnv } from './environment.ts';
import { statusOf, toAppError, toProblem } from './problem-details.ts';

const CHALLENGE = 'Bearer realm="pbx-google-workspace"';

/** The one way an error leaves: problem details for programs, a page for people. */
export const answerError = (thrown: Error, c: Context<AppEnv>): Response | Promise<Response> => {
  const error = toAppError(thrown);
  const status = statusOf(error);
  c.set('problemCode', error.code);
  if (status >= 500) c.get('log')?.error({ err: error.cause ?? error, code: error.code }, 'request failed');
  if (error.retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
  if (status === 401) c.header('WWW-Authenticate', CHALLENGE);
  return c.body(JSON.stringify(toProblem(error, c.get('requestId'))), status, {
    'Content-Type': 'application/problem+json',
  });
};
