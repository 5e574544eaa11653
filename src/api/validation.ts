import type { Hook } from '@hono/zod-openapi';
import type { z } from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import type { AppEnv } from './environment.ts';

type Issue = z.core.$ZodIssue;

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], data);

const isMissing = (issue: Issue, data: unknown): boolean =>
  (issue.code === 'invalid_type' || issue.code === 'invalid_value') && valueAt(data, issue.path) === undefined;

const toFieldErrors = (issue: Issue, data: unknown): FieldError[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...issue.path, key].map(String).join('.'),
      message: 'There is no such field. Remove it or mend its name.',
    }));
  }
  const field = issue.path.map(String).join('.');
  return [{ field, message: isMissing(issue, data) ? 'This is required.' : issue.message }];
};

/** Every refused field of an input with its fix, in the order of the schema. */
export const fieldErrors = (error: z.ZodError, data: unknown): FieldError[] =>
  error.issues.flatMap((issue) => toFieldErrors(issue, data));

/** Turns refused requests of every route into the same problem, which names all fields at once. */
export const refuseInvalid: Hook<unknown, AppEnv, string, unknown> = (result) => {
  if (result.success) return;
  const data = (result as { data?: unknown }).data;
  const fields = fieldErrors(result.error, data);
  const summary =
    fields.length === 1 ? 'One field needs your attention.' : `${fields.length} fields need your attention.`;
  throw new AppError('VALIDATION_FAILED', summary, { fields });
};
