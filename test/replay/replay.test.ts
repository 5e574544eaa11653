import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { installRuntime } from '../../src/temporal/workers.ts';
import { historyFromJson } from '../support/history-json.ts';
import { HISTORIES, type RecordedHistory, workflowTypeOf } from '../support/record-histories.ts';
import { suite } from '../support/suite.ts';
import { TEST_KEYS } from '../support/test-keys.ts';

installRuntime(() => undefined);

const recorded = fs
  .readdirSync(HISTORIES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    file,
    history: JSON.parse(fs.readFileSync(path.join(HISTORIES, file), 'utf8')) as RecordedHistory,
  }));

const options = (): ReplayWorkerOptions => ({
  workflowBundle: { codePath: suite().workflowBundlePath },
  dataConverter: createDataConverter(TEST_KEYS),
});

const replay = async (histories: { file: string; history: RecordedHistory }[]) => {
  const failed: string[] = [];
  const each = histories.map(({ file, history }) => ({ workflowId: file, history: historyFromJson(history) }));
  for await (const { workflowId, error } of Worker.runReplayHistories(options(), each)) {
    if (error) failed.push(`${workflowId}: ${error.name}: ${error.message}`);
  }
  return failed;
};

/** The names that a worker registers. */
const registered = (): string[] => {
  const index = fs.readFileSync(path.resolve(import.meta.dirname, '../../src/workflows/index.ts'), 'utf8');
  return [...index.matchAll(/export \{([^}]+)\}/g)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type ')),
  );
};

describe('the workflows of today', () => {
  test('take the same course as in every history that was recorded', async () => {
    expect(await replay(recorded)).toEqual([]);
  }, 120_000);

  test('each have a recorded history', () => {
    const withHistory = new Set(recorded.map(({ history }) => workflowTypeOf(history)));
    expect(registered().filter((name) => !withHistory.has(name))).toEqual([]);
    expect(registered().length).toBeGreaterThan(2);
  });

  test('do not pass for the same when a step is another one', async () => {
    const [sync] = recorded.filter(({ history }) => JSON.stringify(history).includes('"makePlan"'));
    if (!sync) throw new Error('no history makes a plan');
    const changed = JSON.parse(JSON.stringify(sync.history).replaceAll('"makePlan"', '"planOtherwise"'));
    const failed = await replay([{ file: 'changed', history: changed }]);
    expect(failed).toEqual([expect.stringContaining('DeterminismViolationError')]);
  }, 60_000);
});
