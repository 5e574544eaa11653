import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '../../src/temporal/data-converter.ts';

export type WorkflowBundle = { path: string; remove(): void };

/** The workflows as a worker loads them, bundled once for the whole suite. */
export const bundleWorkflows = async (): Promise<WorkflowBundle> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.resolve(import.meta.dirname, '../../src/workflows/index.ts'),
    failureConverterPath: FAILURE_CONVERTER_PATH,
    logger: new DefaultLogger('ERROR'),
  });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-workflows-'));
  const file = path.join(directory, 'workflow-bundle.js');
  fs.writeFileSync(file, code);
  return { path: file, remove: () => fs.rmSync(directory, { recursive: true, force: true }) };
};
