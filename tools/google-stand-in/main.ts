import { parseArgs } from 'node:util';
import { startGoogleStandIn } from './index.ts';
import type { Strictness } from './world.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    strict: { type: 'string', default: 'full' },
    seed: { type: 'string' },
    people: { type: 'string' },
  },
});
const strictness: Record<string, Strictness> = { full: 'full', sampled: 'sampled', off: 'off' };
const strict = strictness[values.strict];
const port = Number(values.port);
if (!strict || !Number.isInteger(port)) {
  console.error('usage: main.ts [--port N] [--strict full|sampled|off] [--people N] [--seed TEXT]');
  process.exit(2);
}

const standIn = await startGoogleStandIn({ port, strict });
if (values.people || values.seed) {
  await standIn.control.seed({
    ...(values.seed && { seed: values.seed }),
    companies: [
      {
        domain: 'acme.example',
        name: 'Acme',
        secondaryDomain: 'acme-labs.example',
        people: Number(values.people ?? 50),
      },
      { domain: 'borealis.example', name: 'Borealis', people: 25 },
    ],
  });
}
console.log(`google stand-in listening on ${standIn.url}`);
process.send?.({ type: 'ready', url: standIn.url });

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  void standIn.close().then(() => process.exit(0));
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);
