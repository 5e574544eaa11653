import { type EmbeddedPair, startEmbeddedPair } from './support/embedded-pair.ts';
import { publishSuite } from './support/suite.ts';

declare global {
  var embeddedPair: EmbeddedPair | undefined;
}

/** One Postgres and one Temporal server for all test files; each file takes its own database and task queue. */
export default async function setUp(): Promise<void> {
  const said: string[] = [];
  try {
    globalThis.embeddedPair = await startEmbeddedPair((line) => said.push(line));
  } catch (error) {
    console.error(said.join('\n'));
    throw error;
  }
  const { databaseUrl, temporalAddress } = globalThis.embeddedPair;
  publishSuite({ databaseUrl, temporalAddress, temporalNamespace: 'default' });
}
