import { loadConfig } from './config.ts';
import { migrate } from './db/migrate.ts';

const { databaseUrl } = loadConfig(process.env);
if (!databaseUrl) {
  console.error('DATABASE_URL: required here; "npm start" provides it when it embeds the database');
  process.exit(1);
}
await migrate(databaseUrl);
