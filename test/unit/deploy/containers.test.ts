import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { ENVIRONMENT_VARIABLES } from '../../../src/config.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const compose = fs.readFileSync(path.join(root, 'docker-compose.yml'), 'utf8');
const dockerfile = fs.readFileSync(path.join(root, 'Dockerfile'), 'utf8');

const SECRETS = {
  POSTGRES_PASSWORD: 'one',
  TEMPORAL_POSTGRES_PASSWORD: 'two',
  ENCRYPTION_KEYS: 'k1:c2VjcmV0',
  PUBLIC_URL: 'https://pbx.example.com',
};

const hasDockerCompose = spawnSync('docker-compose', ['version']).status === 0;
const withDockerCompose = hasDockerCompose ? test : test.skip;

/** The variables of a block of the compose file, which ends at the first line that stands no deeper than its head. */
function variablesOf(head: string): string[] {
  const lines = compose.split('\n');
  const start = lines.indexOf(head);
  const depth = (line: string) => line.length - line.trimStart().length;
  const below = lines.slice(start + 1);
  const end = below.findIndex((line) => depth(line) <= depth(head));
  return below.slice(0, end).flatMap((line) => /^ +([A-Z_]+):/.exec(line)?.[1] ?? []);
}

function renderedConfig(secrets: Record<string, string>) {
  const empty = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-compose-'));
  try {
    const flags = ['--project-directory', empty, '--file', path.join(root, 'docker-compose.yml'), 'config'];
    return spawnSync('docker-compose', flags, {
      env: { PATH: process.env.PATH ?? '', HOME: empty, ...secrets },
      encoding: 'utf8',
    });
  } finally {
    fs.rmSync(empty, { recursive: true });
  }
}

test('the compose file gives our processes only variables that they know', () => {
  const given = variablesOf('x-app-environment: &app-environment');
  const ofTheApi = variablesOf('  api:');
  expect(given).toContain('DATABASE_URL');
  expect(ofTheApi).toContain('BOOTSTRAP_ADMIN_EMAIL');
  expect([...given, ...ofTheApi].filter((name) => !ENVIRONMENT_VARIABLES.includes(name))).toEqual([]);
});

test('every image is pinned to an exact version', () => {
  const images = [...compose.matchAll(/^ +image: (\S+)$/gm)].map(([, image = '']) => image);
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  expect(images.length).toBeGreaterThanOrEqual(5);
  expect(bases.length).toBeGreaterThanOrEqual(2);
  expect(
    [...images, ...bases].filter((image) => !/:\d+\.\d+(\.\d+)?(-[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image)),
  ).toEqual([]);
});

test('no secret has a default', () => {
  const secret = /\$\{[A-Z_]*(PASSWORD|KEYS|TOKEN|SECRET)[A-Z_]*:-[^}]/;
  expect(compose).not.toMatch(secret);
});

test('the containers run as a plain user', () => {
  expect(
    dockerfile
      .trim()
      .split('\n')
      .findLast((line) => line.startsWith('USER ')),
  ).toBe('USER node');
});

withDockerCompose('docker-compose accepts the file with its secrets', () => {
  const { status, stderr } = renderedConfig(SECRETS);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

withDockerCompose.each(Object.keys(SECRETS))('docker-compose refuses the file without %s', (missing) => {
  const given = Object.fromEntries(Object.entries(SECRETS).filter(([name]) => name !== missing));
  const { status, stderr } = renderedConfig(given);
  expect(status).not.toBe(0);
  expect(stderr).toContain(missing);
});
