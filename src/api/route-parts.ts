import { z } from '@hono/zod-openapi';
import { problemSchema } from './problem-details.ts';

type LevelPrefix = '/system' | '/tenants/{tenantId}';

export interface Level {
  readonly prefix: LevelPrefix;
  /** The parameters that the prefix brings; extend it with the route's own. */
  readonly params: z.ZodObject<Record<never, never>>;
  /** An operation id that is unique although both levels have the route. */
  readonly operationId: (name: string) => string;
}

const tenantId = z.uuid().openapi({ param: { name: 'tenantId', in: 'path' } });

export const tenantParams = z.object({ tenantId });

/** Both forms of SCOPE: a route that both levels have is registered once for each. */
export const LEVELS: readonly Level[] = [
  { prefix: '/system', params: z.object({}), operationId: (name) => `${name}OfSystem` },
  { prefix: '/tenants/{tenantId}', params: tenantParams, operationId: (name) => `${name}OfTenant` },
];

/** A JSON body that must be there. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: { 'application/json': { schema } },
});

/** A JSON answer. */
export const jsonAnswer = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});

const PROBLEMS = {
  400: 'A field is missing or wrong; `errors` names each',
  401: 'Nobody is signed in, or the token is not valid',
  403: 'The scope is missing',
  404: 'There is no such thing, or it is another’s',
  409: 'The state of things stands against it; `code` tells which',
  412: 'Someone changed it in the meantime',
  428: 'If-Match is missing',
  503: 'Something behind us does not answer; try again',
} as const;

type ProblemStatus = keyof typeof PROBLEMS;

/** The problems that a route may answer besides 401, 403 and 404, which each of them may. */
export const problems = (...statuses: ProblemStatus[]) =>
  Object.fromEntries(
    [401 as const, 403 as const, 404 as const, ...statuses].map((status) => [
      status,
      { description: PROBLEMS[status], content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  );
