import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import { userSyncWorkflowId } from '../../src/contracts/index.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: SyncWorld;
let temporal: TemporalWorld;

beforeEach(async () => {
  world = await createSyncWorld();
  temporal = createTemporalWorld();
  const starter = createRunStarter(temporal.client, temporal.queues);
  world.starter.requestRun = (run) => starter.requestRun(run);
});
afterEach(async () => {
  await temporal.close();
  await world.close();
});

const kysely = () => world.orm.em.fork().getKysely();

/** Every write to the table fails as on a full disk: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const fill = async (table: string): Promise<void> => {
  await sql`create function full_disk() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`.execute(kysely());
  await sql`create trigger full_disk before insert or update on ${sql.table(table)}
    for each statement execute function full_disk()`.execute(kysely());
};
const makeRoom = () => sql`drop function full_disk cascade`.execute(kysely());

const failures = async (least: number): Promise<void> => {
  for (const endsAt = Date.now() + 20_000; temporal.unexpected.length < least; ) {
    if (Date.now() > endsAt) throw new Error('the database was never found full');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

describe('a database that is full', () => {
  test.each(['directory_pages', 'plan_changes', 'extension_users', 'bindings'])(
    'when %s is written holds the run up until there is room, and nothing is lost',
    async (table) => {
      await fill(table);
      await temporal.start(createUserSyncActivities(world.userSync));
      const { tenantId } = world;
      const { runId } = await world.userSync.runs.request({ tenantId, requestedBy: null, trigger: 'manual' });
      await failures(2);
      expect((await world.userSync.runs.find(tenantId, runId)).finishedAt ?? null).toBeNull();
      await makeRoom();
      await temporal.client.workflow.getHandle(userSyncWorkflowId(tenantId)).result();
      const run = await world.userSync.runs.find(tenantId, runId);
      expect(run).toMatchObject({ state: 'succeeded', total: 12, done: 12, failed: 0 });
      expect(await world.people.list({ tenantId, limit: 500 })).toHaveLength(12);
    },
  );
});
