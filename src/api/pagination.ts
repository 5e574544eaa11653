import { z } from '@hono/zod-openapi';
import { invalidField } from '../errors.ts';
import type { Page } from '../tenants/index.ts';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;

export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .max(2000)
    .optional()
    .openapi({ description: 'Where to go on: `nextCursor` of the page before. Leave out to begin.' }),
  limit: z.coerce
    .number('Give a number.')
    .int('Give a whole number.')
    .min(1, 'Give 1 or more.')
    .max(MAX_LIMIT, `Give at most ${MAX_LIMIT}.`)
    .default(DEFAULT_LIMIT),
});

/** The schema of a list's answer. */
export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/**
 * Cursors of one list: opaque to callers, a position to the feature. `position` checks what comes back, because
 * anybody can make one up.
 */
export const createCursor = <Position>(position: z.ZodType<Position>) => ({
  encode: (value: Position): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url'),

  /** @throws AppError VALIDATION_FAILED naming `cursor` */
  decode(cursor: string | undefined): Position | undefined {
    if (cursor === undefined) return undefined;
    try {
      return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    } catch {
      throw invalidField('cursor', 'This cursor is not one of ours. Leave it out to begin again.');
    }
  },
});

/** A feature's page as the API answers it. */
export const toPageBody = <Item, Position>(
  { items, next }: Page<Item, Position>,
  cursor: { encode(value: Position): string },
): { items: Item[]; nextCursor: string | null } => ({
  items: [...items],
  nextCursor: next === undefined ? null : cursor.encode(next),
});
