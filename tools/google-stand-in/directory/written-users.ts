import type { ApiMethod } from '../api/discovery.ts';
import { applyMask, type Mask, parseMask } from '../api/partial-response.ts';
import { checkResponse } from '../api/response-check.ts';
import type { Request } from '../http/exchange.ts';
import type { World } from '../world.ts';
import type { Person } from './person.ts';
import { userResource, type View } from './user-resource.ts';

/** Which parts of a user a listing shows. `fields` is the text of the whole mask, `mask` its part for users. */
export type Look = { view: View; fields: string | null; mask: Mask };

/** One user of a listing as JSON. It is written again only when the person or the look has changed. */
export function writeUser(world: World, request: Request, method: ApiMethod, person: Person, look: Look): Buffer {
  const key = `${look.view} ${look.fields ?? ''}`;
  const { written } = person;
  if (written?.version === person.version && written.look === key) return written.bytes;
  const resource = userResource(person, world.origin, look.view);
  check(world, request, method, person, look.view, resource);
  const bytes = Buffer.from(JSON.stringify(applyMask(resource, look.mask)));
  person.written = { version: person.version, look: key, bytes };
  return bytes;
}

/** Writes every user ahead, so that a measured listing costs the sending only. */
export function writeAllUsers(world: World, fields: string | null): void {
  const path = '/admin/directory/v1/users';
  const method = world.discovery.find('GET', path)?.method;
  if (!method) throw new Error('users.list is missing from the discovery documents');
  const request: Request = { method: 'GET', path, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) };
  const whole = fields === null ? 'all' : parseMask(fields, method.response, method.schemas);
  const mask = whole === 'all' ? 'all' : (whole.get('users') ?? 'all');
  for (const { directory } of world.companies.values()) {
    for (const person of directory.ordered('email', 'live'))
      writeUser(world, request, method, person, { view: 'basic', fields, mask });
  }
}

/** Each version of a user is compared once; `sampled` takes one in fifty. */
function check(world: World, request: Request, method: ApiMethod, person: Person, view: View, resource: unknown): void {
  if (world.strict === 'off' || (view === 'basic' && person.checkedVersion === person.version)) return;
  if (world.strict === 'sampled' && Number(person.id.slice(-2)) % 50 !== 0) return;
  checkResponse(world, request, method, { users: [resource] });
  if (view === 'basic') person.checkedVersion = person.version;
}
