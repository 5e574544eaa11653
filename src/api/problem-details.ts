import { STATUS_CODES } from 'node:http';
import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { AppError, type ErrorCode, type ErrorKind, isAppError } from '../errors.ts';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What happened and what to do.' }),
    code: z.string().openapi({ description: 'Stable; decide by this.', example: 'NOT_FOUND' }),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Each refused field with its fix.' }),
  })
  .openapi('Problem');

export type Problem = z.infer<typeof problemSchema>;

const STATUS_OF_KIND: Record<ErrorKind, ContentfulStatusCode> = {
  // A refusal that no change of the request itself would lift: the state of things stands against it.
  permanent: 409,
  unauthorized: 409,
  throttled: 503,
  transient: 503,
};

const STATUS_OF_CODE: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  VALIDATION_FAILED: 400,
  SIGN_IN_REQUIRED: 401,
  SIGN_IN_FAILED: 401,
  FORBIDDEN: 403,
  CROSS_SITE_REQUEST: 403,
  NOT_FOUND: 404,
  STALE_WRITE: 412,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  VERSION_REQUIRED: 428,
  TOO_MANY_ATTEMPTS: 429,
  INTERNAL: 500,
};

/** The one place where codes become HTTP statuses: by code where HTTP has a word for it, else by kind. */
export const statusOf = (error: AppError): ContentfulStatusCode =>
  STATUS_OF_CODE[error.code] ?? STATUS_OF_KIND[error.kind];

const UNKNOWN = 'Something went wrong on our side. Try again; if it stays, tell your operator the request id.';

const fromHttpException = ({ status }: HTTPException): AppError | undefined => {
  switch (status) {
    case 400:
      return new AppError('VALIDATION_FAILED', 'The body is not valid JSON. Send a JSON object in UTF-8.');
    case 403:
      return new AppError(
        'CROSS_SITE_REQUEST',
        'This request did not come from our own pages. Open the portal again and repeat what you did there.',
      );
    case 413:
      return new AppError('BODY_TOO_LARGE', 'The body is larger than 1 MiB. Send less at once.');
    case 415:
      return new AppError('MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json and say so in Content-Type.');
    default:
      return undefined;
  }
};

/** A connection that failed, by the system's word or by Postgres' own (SQLSTATE 08 and 57P01 to 57P03). */
const OUTAGE = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|08[0-9A-Z]{3}|57P0[123])$/;

const isOutage = (error: unknown): boolean => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && OUTAGE.test(at.code)) return true;
  }
  return false;
};

/** Any error as one of ours; what we do not know says nothing about itself. */
export const toAppError = (error: unknown): AppError => {
  if (isAppError(error)) return error;
  if (isOutage(error)) {
    const message = 'Something behind this server does not answer, most likely its database. Try again in a minute.';
    return new AppError('UNAVAILABLE', message, { cause: error });
  }
  const known = error instanceof HTTPException ? fromHttpException(error) : undefined;
  return known ?? new AppError('INTERNAL', UNKNOWN, { cause: error });
};

/** An error as RFC 9457 has it, with our stable code, the request's id and the refused fields. */
export const toProblem = (error: AppError, requestId: string): Problem => {
  const status = statusOf(error);
  return {
    type: `urn:pbx-google-workspace:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: error.publicMessage,
    code: error.code,
    requestId,
    ...(error.fields.length > 0 && { errors: error.fields.map(({ field, message }) => ({ field, message })) }),
  };
};
