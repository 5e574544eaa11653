import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TENANT_ID_ATTRIBUTE } from '../../src/contracts/index.ts';
import { cacheDirectory, findTemporalCli, startEmbeddedTemporal, startGuard } from '../../src/embedded/index.ts';

export type OwnTemporal = { address: string; stop(): Promise<void> };

/** A Temporal server of the caller's own, in memory, for tests of whole processes, which all use the same queues. */
export const startOwnTemporal = async (): Promise<OwnTemporal> => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-temporal-'));
  const log = () => undefined;
  const guard = await startGuard({ directory: dataDir });
  const cliPath = await findTemporalCli({ env: process.env, cacheDir: cacheDirectory(process.env), log });
  const server = await startEmbeddedTemporal({
    ...{ cliPath, dataDir, guard, log },
    ...{ persistent: false, searchAttributes: { [TENANT_ID_ATTRIBUTE.name]: 'Keyword' } },
  });
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await guard.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
