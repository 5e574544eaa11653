import path from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { entities } from './entities/index.ts';

export type Orm = MikroORM;
export type { EntityManager };

export interface OrmOptions {
  readonly databaseUrl: string;
  /** Most connections this process may hold open. */
  readonly maxConnections?: number;
}

/** Opens the pool; the caller closes it with `orm.close()`. */
export const openOrm = ({ databaseUrl, maxConnections = 10 }: OrmOptions): Promise<Orm> =>
  MikroORM.init(
    defineConfig({
      clientUrl: databaseUrl,
      entities: [...entities],
      extensions: [Migrator],
      pool: { min: 0, max: maxConnections },
      driverOptions: { application_name: 'pbx-google-workspace' },
      forceUtcTimezone: true,
      debug: false,
      migrations: {
        path: path.join(import.meta.dirname, 'migrations'),
        pathTs: path.join(import.meta.dirname, 'migrations'),
        glob: '!(*.d).{js,ts}',
        tableName: 'schema_migrations',
        snapshot: false,
        silent: true,
      },
    }),
  );
