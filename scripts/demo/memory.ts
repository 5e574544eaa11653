import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** What one demo hands to the next: who may sign in and where it stood. Google's tokens are kept beside it. */
export type Memory = { password: string; apiToken: string; port: number; googlePort: number };

export function recall(directory: string): Memory {
  const fresh = {
    password: randomBytes(9).toString('base64url'),
    apiToken: randomBytes(24).toString('base64url'),
    port: 3000,
    googlePort: 4010,
  };
  return { ...fresh, ...readJson<Partial<Memory>>(path.join(directory, 'demo.json')) };
}

export function remember(directory: string, memory: Memory): void {
  writeJson(path.join(directory, 'demo.json'), memory);
}

export function readJson<T>(file: string): T | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as T) : undefined;
}

export function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
