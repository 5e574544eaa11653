import { createHash } from 'node:crypto';
import type { Company } from '../directory/company.ts';
import type { OAuthClient } from '../oauth/clients.ts';
import { redirectUriProblem } from '../oauth/clients.ts';
import type { World } from '../world.ts';
import { seedGroups } from './groups.ts';
import { seedPeople } from './people.ts';
import { idFrom } from './random.ts';

export type CompanySeed = {
  domain: string;
  name?: string;
  secondaryDomain?: string;
  /** How many users a listing has: the two sign-in accounts, suspended and archived ones included. 10 to 100,000. */
  people?: number;
  /** Default 3 % and 1 % of `people`. */
  suspended?: number;
  archived?: number;
  /** Default a half. */
  photoShare?: number;
  /** Without a given name, a family name, or both. Default 2 %. */
  missingNameShare?: number;
};

export type WorldSeed = {
  seed?: string;
  companies?: CompanySeed[];
  /** Redirect URIs of the OAuth client that each company gets. Default: one on localhost. */
  redirectUris?: string[];
  consumer?: boolean;
};

export type SeededCompany = {
  domain: string;
  customerId: string;
  people: number;
  active: number;
  suspended: number;
  archived: number;
  withPhoto: number;
  admin: { id: string; email: string };
  user: { id: string; email: string };
  client: OAuthClient;
};

export type SeededWorld = { companies: SeededCompany[]; consumer: { id: string; email: string } | undefined };

const ordinaryCompanies: CompanySeed[] = [
  { domain: 'acme.example', name: 'Acme', secondaryDomain: 'acme-labs.example', people: 50 },
  { domain: 'borealis.example', name: 'Borealis', secondaryDomain: 'borealis-labs.example', people: 25 },
];

const firstDay = '2019-04-01T08:00:00.000Z';

/** Puts companies, their people, sign-ins and OAuth clients into an empty world. The same seed is the same world. */
export function seedWorld(world: World, given: WorldSeed): SeededWorld {
  const seed = given.seed ?? '1';
  const companies = (given.companies ?? ordinaryCompanies).map((company) =>
    seedCompany(world, seed, company, given.redirectUris),
  );
  const consumer = given.consumer === false ? undefined : seedConsumer(world, seed);
  return { companies, consumer };
}

function seedCompany(
  world: World,
  seed: string,
  given: CompanySeed,
  redirectUris: string[] | undefined,
): SeededCompany {
  const { domain } = given;
  const count = given.people ?? 50;
  if (!Number.isInteger(count) || count < 2 || count > 200_000)
    throw new Error(`people must be 2 to 200000, not ${count}`);
  const customerId = `C0${createHash('sha256').update(`${seed}:${domain}`).digest('hex').slice(0, 7)}`;
  const company = world.addCompany({
    name: given.name ?? domain,
    domain,
    secondaryDomains: given.secondaryDomain ? [given.secondaryDomain] : [],
    customerId,
  });
  const admin = addSignIn(company, seed, { local: 'admin', givenName: 'Avery', familyName: 'Admin', isAdmin: true });
  const user = addSignIn(company, seed, { local: 'user', givenName: 'Uri', familyName: 'User', isAdmin: false });
  for (const { id, person } of seedPeople({
    seed,
    count: count - 2,
    domain,
    secondaryDomain: given.secondaryDomain,
    suspended: given.suspended ?? Math.round(count * 0.03),
    archived: given.archived ?? Math.round(count * 0.01),
    photoShare: given.photoShare ?? 0.5,
    missingNameShare: given.missingNameShare ?? 0.02,
  })) {
    company.directory.add(id, person, person.creationTime ?? firstDay);
  }
  seedGroups(seed, company);
  const client = clientOf(seed, company, redirectUris ?? ['http://localhost:3000/google/callback']);
  world.clients.set(client.clientId, client);
  return { ...countsOf(company), domain, customerId, admin, user, client };
}

function addSignIn(
  company: Company,
  seed: string,
  given: { local: string; givenName: string; familyName: string; isAdmin: boolean },
): { id: string; email: string } {
  const { local, ...person } = given;
  const email = `${local}@${company.domain}`;
  const id = idFrom(`${seed}:${email}`);
  company.directory.add(
    id,
    { primaryEmail: email, isEnrolledIn2Sv: true, lastLoginTime: firstDay, ...person },
    firstDay,
  );
  company.signIns.push(email);
  return { id, email };
}

function seedConsumer(world: World, seed: string): { id: string; email: string } {
  const email = 'pat.private@consumer.example';
  const id = idFrom(`${seed}:${email}`);
  world.consumers.add(id, { primaryEmail: email, givenName: 'Pat', familyName: 'Private' }, firstDay);
  return { id, email };
}

function clientOf(seed: string, company: Company, redirectUris: string[]): OAuthClient {
  const problem = redirectUris.map(redirectUriProblem).find(Boolean);
  if (problem) throw new Error(problem);
  const hash = createHash('sha256').update(`client:${seed}:${company.domain}`).digest();
  const number = String(hash.readUIntBE(0, 6) % 10 ** 12).padStart(12, '1');
  return {
    clientId: `${number}-${hash.toString('hex').slice(0, 32)}.apps.googleusercontent.com`,
    clientSecret: `GOCSPX-${hash.subarray(8, 29).toString('base64url')}`,
    name: `${company.name} PBX`,
    redirectUris,
    projectId: number,
    userType: 'internal',
    publishingStatus: 'production',
    ownerDomain: company.domain,
    testUsers: [],
    state: 'active',
  };
}

function countsOf(company: Company): Pick<SeededCompany, 'people' | 'active' | 'suspended' | 'archived' | 'withPhoto'> {
  const counts = { people: 0, active: 0, suspended: 0, archived: 0, withPhoto: 0 };
  for (const person of company.directory.people()) {
    counts.people += 1;
    if (person.suspended) counts.suspended += 1;
    else if (person.archived) counts.archived += 1;
    else counts.active += 1;
    if (person.photoSeed !== undefined) counts.withPhoto += 1;
  }
  return counts;
}
