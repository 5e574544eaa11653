import { createHash } from 'node:crypto';
import { fullNameOf, type Person } from '../directory/person.ts';
import { photoUrlOf } from '../directory/user-resource.ts';
import type { World } from '../world.ts';

/** The OpenID claims that the granted scopes allow about a person. */
export function claimsOf(world: World, person: Person, scopes: readonly string[]): Record<string, unknown> {
  const hd = world.companyOf(person)?.domain;
  const picture = photoUrlOf(person, world.origin);
  const fullName = fullNameOf(person);
  return {
    sub: person.id,
    ...(hd && { hd }),
    ...(scopes.includes('https://www.googleapis.com/auth/userinfo.email') && {
      email: person.primaryEmail,
      email_verified: true,
    }),
    ...(scopes.includes('https://www.googleapis.com/auth/userinfo.profile') && {
      ...(fullName && { name: fullName }),
      ...(picture && { picture }),
      ...(person.givenName && { given_name: person.givenName }),
      ...(person.familyName && { family_name: person.familyName }),
    }),
  };
}

export function idToken(
  world: World,
  person: Person,
  given: { clientId: string; scopes: readonly string[]; accessToken: string; nonce: string | undefined },
): string {
  const now = Math.floor(world.clock.now() / 1000);
  const half = createHash('sha256').update(given.accessToken).digest().subarray(0, 16);
  return world.keys.sign({
    iss: world.settings.issuer,
    azp: given.clientId,
    aud: given.clientId,
    ...claimsOf(world, person, given.scopes),
    at_hash: half.toString('base64url'),
    ...(given.nonce !== undefined && { nonce: given.nonce }),
    iat: now,
    exp: now + 3600,
  });
}
