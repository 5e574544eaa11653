import { endInReverse, type GuardRecord } from './guard.ts';

// The program of the guard process, see guard.ts. It ignores the terminal's signals: it must outlive what it guards.
let records: GuardRecord[] = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('message', (message) => {
  records = message as GuardRecord[];
});
process.on('disconnect', async () => {
  await endInReverse(records);
  process.exit(0);
});
