import { randomUUID } from 'node:crypto';
import { TenantEntity } from '../../src/db/entities/index.ts';
import { type Orm, openOrm } from '../../src/db/orm.ts';
import { AppError } from '../../src/errors.ts';
import { createGoogleGroups } from '../../src/google/groups.ts';
import { createGoogleDirectory, createGooglePhotos, type GooglePace, UNPACED } from '../../src/google/index.ts';
import { createBuiltInDirectory, type PbxDirectory } from '../../src/pbx/index.ts';
import { type CreatePerson, createPeople, type ListPeople, type Person } from '../../src/people/index.ts';
import { BOOTSTRAP_ACTOR } from '../../src/tenants/index.ts';
import {
  createUserSync,
  DEFAULT_PACE,
  type DirectoryAccess,
  GUARDS,
  type Guards,
  type PushKeeper,
  type RemovalStarter,
  type RunStarter,
  type StepControl,
  type SyncPace,
  type SyncSchedules,
  type UserSync,
  type UserSyncDependencies,
} from '../../src/user-sync/index.ts';
import { createTestDatabase } from './database.ts';
import { endpointsAt } from './in-line-authorization.ts';
import { type ScriptedChannels, scriptedChannels } from './scripted-channels.ts';
import { peopleFrom, type ScriptedDirectory, scriptedDirectory } from './scripted-directory.ts';
import { type ScriptedGroups, scriptedGroups } from './scripted-groups.ts';
import { type ScriptedPhotos, scriptedPhotos } from './scripted-photos.ts';
import { scriptedSchedules } from './scripted-schedules.ts';
import { scriptedSearch } from './scripted-search.ts';

export type SyncWorld = {
  orm: Orm;
  databaseUrl: string;
  tenantId: string;
  userSync: UserSync;
  /** What it stands on, for another one beside it. */
  dependencies: UserSyncDependencies;
  /** The people of a tenant, seen by the system. */
  people: {
    list(query: ListPeople): Promise<Person[]>;
    get(tenantId: string, id: string): Promise<Person>;
    create(person: CreatePerson): Promise<Person>;
    remove(id: string): Promise<void>;
  };
  directory: ScriptedDirectory;
  groups: ScriptedGroups;
  channels: ScriptedChannels;
  /** Settable: who is told to look at channels. */
  keeper: PushKeeper;
  /** Settable: pictures, and whether larger ones were granted. */
  photos: ScriptedPhotos;
  mayFindLarge: { value: boolean };
  /** Settable. */
  googlePace: GooglePace;
  access: DirectoryAccess;
  /** Settable: what runs say when they were asked for. */
  starter: RunStarter;
  /** Settable: what carries approved removals out. */
  removals: RemovalStarter;
  /** Settable: where schedules live. */
  schedules: SyncSchedules;
  /** Tenants whose schedule could not be changed, with the reason. */
  scheduleFailures: string[];
  control: StepControl;
  now: { value: Date };
  newTenant(): Promise<string>;
  /** Sets how many users the licence of the world's tenant allows. */
  limitUsers(extensionLimit: number): Promise<void>;
  /** All steps of one run, as the workflow takes them, a second after the one before. */
  runOnce(request?: { dryRun?: boolean; applyPlanOf?: string; tenantId?: string }): Promise<string>;
  /** All steps of one run for a few people, as the workflow takes them. */
  runPeople(...keys: string[]): Promise<string>;
  close(): Promise<void>;
};

export type SyncWorldOptions = {
  pageSize?: number;
  pace?: Partial<SyncPace>;
  address?: { publicUrl: string; googleIsHere: boolean };
  pbxOf?: (orm: Orm, tenantId: string) => PbxDirectory;
  /** Takes guards away, to see what then happens. */
  guards?: Partial<Guards>;
  /** Google's own clients at this address instead of what a test scripts. */
  google?: { url: string; accessToken: string; customerId?: string };
};

export const stepControl = (change: Partial<StepControl> = {}): StepControl => ({
  signal: new AbortController().signal,
  attempt: 1,
  heartbeat: () => undefined,
  ...change,
});

/** User sync on a database of its own, with a directory that a test scripts. */
export const createSyncWorld = async (options: SyncWorldOptions = {}): Promise<SyncWorld> => {
  const database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, maxConnections: 5 });
  const directory = scriptedDirectory(peopleFrom(1, 12), options.pageSize ?? 5);
  const groups = scriptedGroups();
  const photos = scriptedPhotos();
  const googlePace: GooglePace = { ...UNPACED };
  const endpoints = options.google && endpointsAt(options.google.url);
  const mayFindLarge = { value: false };
  const now = { value: new Date() };
  const access: DirectoryAccess = {
    getAccessToken: async () => options.google?.accessToken ?? 'access-token',
    forgetAccessToken: async () => undefined,
    requireReady: async (_, need) => {
      if (need === 'largePhotos' && !mayFindLarge.value) throw new AppError('GOOGLE_SCOPE_MISSING', 'Authorize again.');
    },
    getCustomerId: async () => options.google?.customerId,
  };
  const removals: RemovalStarter = { applyRemovals: async () => undefined };
  const starter: RunStarter = { requestRun: async () => undefined, cancelRun: async () => undefined };
  const pbxOf = (tenantId: string) => options.pbxOf?.(orm, tenantId) ?? createBuiltInDirectory(orm, tenantId);
  const scheduleFailures: string[] = [];
  const channels = scriptedChannels(() => now.value);
  const keeper: PushKeeper = { look: async () => undefined };
  const dependencies: UserSyncDependencies = {
    orm,
    clock: () => now.value,
    groups: endpoints ? createGoogleGroups(endpoints) : groups,
    directory: endpoints ? createGoogleDirectory(endpoints) : directory,
    photos: endpoints ? createGooglePhotos(endpoints) : photos,
    search: scriptedSearch(directory),
    access: {
      getAccessToken: (tenantId, need) => access.getAccessToken(tenantId, need),
      forgetAccessToken: (tenantId, token) => access.forgetAccessToken(tenantId, token),
      requireReady: (tenantId, need) => access.requireReady(tenantId, need),
      getCustomerId: (tenantId) => access.getCustomerId(tenantId),
    },
    googlePace: { take: (request) => googlePace.take(request), slowDown: (...told) => googlePace.slowDown(...told) },
    starter: { requestRun: (run) => starter.requestRun(run), cancelRun: (run) => starter.cancelRun(run) },
    schedules: {
      marks: () => world.schedules.marks(),
      markOf: (wanted) => world.schedules.markOf(wanted),
      make: (wanted) => world.schedules.make(wanted),
      put: (wanted) => world.schedules.put(wanted),
      remove: (tenantId) => world.schedules.remove(tenantId),
      outlook: (tenantId) => world.schedules.outlook(tenantId),
    },
    onScheduleFailed: (error, tenantId) => scheduleFailures.push(`${tenantId} ${error}`),
    removals: { applyRemovals: (approval) => removals.applyRemovals(approval) },
    pbxOf,
    push: {
      channels,
      keeper: { look: (tenantId) => keeper.look(tenantId) },
      address: options.address ?? { publicUrl: 'https://pbx.example.com', googleIsHere: false },
      onKeeperFailed: () => undefined,
    },
    firstExtensionOf: async () => 1000,
    onStartFailed: () => undefined,
    ...(options.guards && { guards: { ...GUARDS, ...options.guards } }),
    pace: { ...DEFAULT_PACE, applyBatch: 5, planBatch: 4, ...options.pace },
  };
  const userSync = createUserSync(dependencies);
  const newTenant = async () => {
    const tenantId = randomUUID();
    await orm.em.fork().transactional(async (em) => {
      em.create(TenantEntity, {
        id: tenantId,
        kind: 'customer',
        name: 'Acme',
        sipDomain: `${tenantId}.example`,
      } as never);
    });
    await userSync.settings.save({ tenantId, change: { mode: 'manual' } });
    return tenantId;
  };
  const people = createPeople({ orm, clock: () => now.value, pbxOf, keepNumber: userSync.keepNumber });
  const world: SyncWorld = {
    orm,
    databaseUrl: database.url,
    tenantId: await newTenant(),
    userSync,
    dependencies,
    people: {
      list: (query) => people.list(BOOTSTRAP_ACTOR, query),
      get: (tenantId, id) => people.get(BOOTSTRAP_ACTOR, tenantId, id),
      create: (person) => people.create(BOOTSTRAP_ACTOR, person),
      remove: (id) => people.remove(BOOTSTRAP_ACTOR, world.tenantId, id, undefined),
    },
    directory,
    groups,
    channels,
    keeper,
    photos,
    mayFindLarge,
    googlePace,
    access,
    starter,
    removals,
    schedules: scriptedSchedules(),
    scheduleFailures,
    control: stepControl(),
    now,
    newTenant,
    async limitUsers(extensionLimit) {
      await orm.em.fork().nativeUpdate(TenantEntity, { id: world.tenantId }, { extensionLimit });
    },
    async runOnce({ dryRun, applyPlanOf, tenantId = world.tenantId } = {}) {
      now.value = new Date(now.value.getTime() + 1_000);
      const { runId } = await userSync.runs.request({
        tenantId,
        requestedBy: null,
        trigger: 'manual',
        ...(dryRun !== undefined && { dryRun }),
        ...(applyPlanOf && { applyPlanOf }),
      });
      const key = { tenantId, runId };
      if (!applyPlanOf) while ((await userSync.readDirectory(key, world.control)).outcome !== 'complete');
      const plan = await userSync.makePlan(key, world.control);
      if (!plan.dryRun) {
        while ((await userSync.applyPlan(key, world.control)).outcome !== 'complete');
        while ((await userSync.syncPhotos(key, world.control)).outcome === 'more');
      }
      await userSync.finishRun(key);
      return runId;
    },
    async runPeople(...keys) {
      const { tenantId } = world;
      const { runId } = await userSync.runs.requestPeople({ tenantId, keys, trigger: 'push', requestedBy: null });
      const key = { tenantId, runId };
      while ((await userSync.readPeople(key, world.control)).outcome !== 'complete');
      await userSync.makePlan(key, world.control);
      while ((await userSync.applyPlan(key, world.control)).outcome !== 'complete');
      while ((await userSync.syncPhotos(key, world.control)).outcome === 'more');
      await userSync.finishRun(key);
      return runId;
    },
    async close() {
      await orm.close(true);
      await database.drop();
    },
  };
  return world;
};
