import { z } from 'zod';
import { isTimeZone, TIME_ZONE_FIX } from './time-zone.ts';

const HOST_LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const HOST_NAME = new RegExp(`^${HOST_LABEL}(\\.${HOST_LABEL})*$`);

const EXTENSION_LIMIT_FIX = 'Give a whole number from 0 to 1,000,000, or nothing for no limit.';
const FIRST_EXTENSION_FIX = 'Give 3 to 13 digits, the first not 0, such as 1000.';

/** What an administrator says about a tenant. */
export const tenantInputSchema = z.object({
  name: z.string().trim().min(1, 'Give the tenant a name.').max(128, 'Use at most 128 characters.'),
  sipDomain: z
    .string()
    .trim()
    .toLowerCase()
    .max(253, 'Use at most 253 characters.')
    .regex(HOST_NAME, 'Give a domain such as acme.pbx.example.com, without sip: and without a port.'),
  timeZone: z.string().trim().refine(isTimeZone, TIME_ZONE_FIX).default('UTC'),
  firstExtension: z
    .number(FIRST_EXTENSION_FIX)
    .int(FIRST_EXTENSION_FIX)
    .min(100, FIRST_EXTENSION_FIX)
    .max(9_999_999_999_999, FIRST_EXTENSION_FIX)
    .default(1000),
  extensionLimit: z
    .number(EXTENSION_LIMIT_FIX)
    .int(EXTENSION_LIMIT_FIX)
    .min(0, EXTENSION_LIMIT_FIX)
    .max(1_000_000, EXTENSION_LIMIT_FIX)
    .nullable()
    .default(null),
});

export type TenantInput = z.output<typeof tenantInputSchema>;

const { name, sipDomain, timeZone, firstExtension, extensionLimit } = tenantInputSchema.shape;

/** The same, each part optional, for a change. */
export const tenantChangeSchema = z
  .object({
    name: name.optional(),
    sipDomain: sipDomain.optional(),
    timeZone: timeZone.unwrap().optional(),
    firstExtension: firstExtension.unwrap().optional(),
    extensionLimit: extensionLimit.unwrap().optional(),
  })
  .strict();

export type TenantChange = z.output<typeof tenantChangeSchema>;
