import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  cacheDirectory,
  type DataDirectory,
  type Guard,
  type Log,
  openDataDirectory,
  startGuard,
} from '../../src/embedded/index.ts';

/** A data directory of one test with its guard, and what was logged. */
export type EmbeddedGround = {
  readonly dataDir: string;
  readonly cacheDir: string;
  readonly directory: DataDirectory;
  readonly guard: Guard;
  readonly log: Log;
  readonly lines: string[];
  leave(): Promise<void>;
};

/** Opens the data directory `at` (a new one below the system's temporary directory when not given). */
export async function enterGround(at = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-ground-'))): Promise<EmbeddedGround> {
  const directory = openDataDirectory(at);
  const guard = await startGuard({ directory: at });
  const lines: string[] = [];
  return {
    dataDir: at,
    cacheDir: cacheDirectory(process.env),
    ...{ directory, guard, lines },
    log: (line) => lines.push(line),
    async leave() {
      await guard.close();
      directory.close();
    },
  };
}
