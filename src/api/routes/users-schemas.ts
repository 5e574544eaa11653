import { z } from '@hono/zod-openapi';
import type { Person } from '../../people/index.ts';
import { createCursor } from '../pagination.ts';

/** Where a list in the order of numbers goes on. */
export const numberCursor = createCursor(z.object({ number: z.number().int() }));

/** 3 to 13 digits, as text: phones do not count. */
export const extensionNumberSchema = z.string().regex(/^[1-9]\d{2,12}$/, 'Use 3 to 13 digits with no leading zero.');

const phone = z.object({ type: z.string().max(32), value: z.string().min(1).max(32) });
const name = z.string().trim().min(1, 'Give a name, or null for none.').max(64, 'Use at most 64 characters.');

export const userSchema = z
  .object({
    id: z.uuid(),
    extensionNumber: z.string(),
    displayName: z.string(),
    email: z.string().nullable(),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    phones: z.array(phone),
    department: z.string().nullable(),
    title: z.string().nullable(),
    enabled: z.boolean(),
    disabledBy: z.enum(['sync', 'administrator']).nullable(),
    googleId: z.string().nullable().openapi({ description: 'The Google user this extension is bound to.' }),
    boundBy: z.enum(['created', 'linked', 'hand']).nullable(),
    photo: z
      .string()
      .nullable()
      .openapi({ description: 'The ETag of `…/photo` without its quotes; null without a picture.' }),
    revision: z.number().int().openapi({ description: 'The ETag without its quotes.' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('User');

export const newUserSchema = z
  .strictObject({
    displayName: z.string().trim().min(1, 'Give a name.').max(128),
    extensionNumber: extensionNumberSchema,
    email: z.email('Give an e-mail address such as ada@example.com.').max(254).nullable().optional(),
    givenName: name.nullable().optional(),
    familyName: name.nullable().optional(),
    phones: z.array(phone).max(10).optional(),
    department: z.string().trim().min(1).max(128).nullable().optional(),
    title: z.string().trim().min(1).max(128).nullable().optional(),
  })
  .openapi('NewUser');

export const userChangeSchema = newUserSchema
  .omit({ extensionNumber: true })
  .partial()
  .extend({ enabled: z.boolean().optional() })
  .openapi('UserChange');

export const changedUserSchema = userSchema
  .extend({
    overwrittenBySync: z.array(z.string()).openapi({
      description: 'Changed fields that come from Google: the next sync writes Google’s value over them.',
    }),
  })
  .openapi('ChangedUser');

export const toUserBody = ({ phones, ...person }: Person): z.infer<typeof userSchema> => ({
  ...person,
  phones: [...phones],
});
