import { z } from '@hono/zod-openapi';
import { AppError } from '../errors.ts';
import type { AppContext } from './environment.ts';

export const ifMatchSchema = z.object({
  'if-match': z.string().optional().openapi({ description: 'The ETag of what you read.', example: '"3"' }),
});

/** The response header by which a row's version is told; see `expectedVersion`. */
export const etagHeader = { ETag: { schema: { type: 'string' as const }, description: 'Send it back as If-Match.' } };

export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that the caller read, from If-Match.
 *
 * @throws AppError VERSION_REQUIRED without the header, STALE_WRITE when it is none of ours
 */
export const expectedVersion = (c: AppContext): number => {
  const header = c.req.header('if-match');
  if (!header) {
    throw new AppError(
      'VERSION_REQUIRED',
      'Send If-Match with the ETag of what you read, so that nobody’s change is lost.',
    );
  }
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw new AppError('STALE_WRITE', 'If-Match is not an ETag of ours. Load the thing again and send its ETag.');
  }
  return Number(version);
};
