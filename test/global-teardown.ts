export default async function tearDown(): Promise<void> {
  globalThis.workflowBundle?.remove();
  await globalThis.embeddedPair?.stop();
}
