import fs from 'node:fs';
import path from 'node:path';

const directory = process.env.NOTES_DIR ?? '';

/** Appends a line to the events that the test reads. */
export const note = (line: string): void => fs.appendFileSync(path.join(directory, 'events'), `${line}\n`);

/** Stands for the server or the worker: notes its start and its stop, and leaves its process number for the test. */
export function standFor(name: string): void {
  const crash = path.join(directory, `${name}-crashes-at-start`);
  note(`${name} starts`);
  if (fs.existsSync(crash)) process.exit(7);
  fs.writeFileSync(path.join(directory, `${name}.pid`), String(process.pid));
  fs.writeFileSync(
    path.join(directory, `${name}.json`),
    JSON.stringify({
      databaseUrl: process.env.DATABASE_URL,
      temporalAddress: process.env.TEMPORAL_ADDRESS,
      encryptionKeys: process.env.ENCRYPTION_KEYS,
    }),
  );
  const alive = setInterval(() => {}, 60_000);
  process.on('SIGTERM', () => {
    note(`${name} stops`);
    clearInterval(alive);
    process.disconnect();
  });
  process.send?.('ready');
}
