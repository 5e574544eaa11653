import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createControl,
  type GoogleStandIn,
  type SeededWorld,
  startGoogleStandIn,
} from '../../../tools/google-stand-in/index.ts';

let google: GoogleStandIn;

beforeAll(async () => {
  google = await startGoogleStandIn();
});
afterAll(() => google.close());

async function seeded(people: number, seed = '1'): Promise<SeededWorld> {
  await google.control.reset();
  return google.control.seed({
    seed,
    companies: [{ domain: 'acme.example', secondaryDomain: 'labs.example', people }],
  });
}

describe('the same seed', () => {
  test('is the same world', async () => {
    const first = await seeded(200);
    const person = await google.control.person({ person: first.companies[0]?.admin.id ?? '' });
    expect(await seeded(200)).toEqual(first);
    expect(await google.control.person({ person: first.companies[0]?.admin.id ?? '' })).toMatchObject({
      id: person.id,
      name: person.name,
    });
    expect((await seeded(200, '2')).companies[0]?.client.clientId).not.toBe(first.companies[0]?.client.clientId);
  });
});

test('exactly as many are suspended and archived as asked, whatever the size', async () => {
  for (const people of [10, 137, 1_000, 20_000]) {
    await google.control.reset();
    const { companies } = await google.control.seed({
      companies: [{ domain: 'acme.example', people, suspended: 4, archived: 3 }],
    });
    expect(companies[0]).toMatchObject({ people, suspended: 4, archived: 3, active: people - 7 });
  }
});

test('started on its own it prints its address, can be controlled and ends on SIGTERM', async () => {
  const main = join(import.meta.dirname, '../../../tools/google-stand-in/main.ts');
  const child = spawn(process.execPath, [main, '--port', '0', '--people', '20'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const [[message], [line]] = await Promise.all([
    once(child, 'message'),
    once(child.stdout as NodeJS.ReadableStream, 'data'),
  ]);
  expect(String(line)).toBe(`google stand-in listening on ${message.url}\n`);
  expect(await createControl(message.url).clients()).toHaveLength(2);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
