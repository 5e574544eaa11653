import { type EmbeddedPair, startEmbeddedPair } from './support/embedded-pair.ts';
import { publishSuite } from './support/suite.ts';
import { bundleWorkflows, type WorkflowBundle } from './support/workflow-bundle.ts';

declare global {
  var embeddedPair: EmbeddedPair | undefined;
  var workflowBundle: WorkflowBundle | undefined;
}

/** One Postgres and one Temporal server for all test files; each file takes its own database and task queue. */
export default async function setUp(): Promise<void> {
  const said: string[] = [];
  try {
    globalThis.workflowBundle = await bundleWorkflows();
    globalThis.embeddedPair = await startEmbeddedPair((line) => said.push(line));
  } catch (error) {
    globalThis.workflowBundle?.remove();
    console.error(said.join('\n'));
    throw error;
  }
  const { databaseUrl, temporalAddress } = globalThis.embeddedPair;
  publishSuite({
    databaseUrl,
    temporalAddress,
    temporalNamespace: 'default',
    workflowBundlePath: globalThis.workflowBundle.path,
  });
}
