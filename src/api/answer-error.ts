import type { Context } from 'hono';
import type { AppError } from '../errors.ts';
import type { AppEnv } from './environment.ts';
import { noteProblem } from './note-problem.ts';
import { errorPage } from './portal/error-page.tsx';
import { statusOf, toAppError, toProblem } from './problem-details.ts';

const CHALLENGE = 'Bearer realm="pbx-google-workspace"';

const wantsPage = (c: Context<AppEnv>): boolean =>
  !c.req.path.startsWith('/api/') && (c.req.header('accept')?.includes('text/html') ?? false);

const toSignIn = (c: Context<AppEnv>): Response => {
  const { pathname, search } = new URL(c.req.url);
  const next = c.req.method === 'GET' ? `?next=${encodeURIComponent(pathname + search)}` : '';
  return c.redirect(`/sign-in${next}`, 303);
};

const problem = (c: Context<AppEnv>, error: AppError): Response =>
  c.body(JSON.stringify(toProblem(error, c.get('requestId'))), statusOf(error), {
    'Content-Type': 'application/problem+json',
  });

/** The one way an error leaves: a page for people, problem details for everybody else. */
export const answerError = (thrown: Error, c: Context<AppEnv>): Response | Promise<Response> => {
  const error = toAppError(thrown);
  const status = statusOf(error);
  noteProblem(c, error);
  if (status >= 500) c.get('log')?.error({ err: error.cause ?? error, code: error.code }, 'request failed');
  if (wantsPage(c)) return error.code === 'SIGN_IN_REQUIRED' ? toSignIn(c) : errorPage(c, error);
  if (c.req.header('hx-request') && error.code === 'SIGN_IN_REQUIRED') c.header('HX-Redirect', '/sign-in');
  if (status === 401) c.header('WWW-Authenticate', CHALLENGE);
  return problem(c, error);
};
