/**
 * Who may import whom: the floors of docs/architecture.md as rules. Data flows down, never back up.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const features = ['user-sync', 'mail', 'sign-in', 'authorization', 'people', 'notices', 'tenants'];
const featureFloors = [['user-sync', 'mail'], ['sign-in'], ['authorization'], ['people', 'notices'], ['tenants']];
const pureRules = '^src/user-sync/(plan/(decide|extension-numbers|brakes|plan-types)|reading/profile)\\.ts$';

const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: allowed, dependencyTypesNot: ['core'] },
});

const room = (name) => `^src/${name}(/|\\.ts$)`;
const npm = (name) => `node_modules/${name}(/|$)`;

const featureRules = featureFloors.flatMap((floor, index) => {
  const lower = featureFloors.slice(index + 1).flat();
  return floor.map((name) =>
    only(
      `feature-${name}`,
      room(name),
      [
        room(name),
        ...lower.map((other) => `^src/${other}/index\\.ts$`),
        ...['google', 'pbx', 'db', 'contracts', 'errors', 'clock', 'config'].map(room),
        'node_modules/(?!@temporalio|hono|@hono|@googleapis|google-auth-library)',
      ],
      'Features stand on clients, the database and lower features through their index.ts; never on Temporal or Hono.',
    ),
  );
});

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          '^src/db/migrations/',
          '^src/(main|server|worker)\\.ts$',
          '^src/api/portal/assets/',
          '^src/embedded/guard\\.ts$',
        ],
      },
      to: {},
    },
    only(
      'contracts',
      room('contracts'),
      [room('contracts'), room('errors'), npm('@temporalio/(workflow|common)')],
      'Contracts are types and definitions.',
    ),
    only('errors', room('errors'), ['^$'], 'errors.ts stands on nothing.'),
    only(
      'workflows',
      room('workflows'),
      [
        room('workflows'),
        room('contracts'),
        room('errors'),
        pureRules,
        npm('@temporalio/(workflow|common)'),
        '^src/activities/',
      ],
      'Workflows orchestrate; they reach activities as types only.',
    ),
    {
      name: 'workflows-import-types-of-activities',
      severity: 'error',
      from: { path: room('workflows') },
      to: { path: '^src/activities/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'activities',
      room('activities'),
      [
        room('activities'),
        ...features.map((name) => `^src/${name}/index\\.ts$`),
        room('contracts'),
        room('errors'),
        npm('@temporalio/(activity|common|worker)'),
      ],
      'Activities are thin: parse, call a feature, heartbeat.',
    ),
    only(
      'api',
      room('api'),
      [
        room('api'),
        ...features.map((name) => `^src/${name}/index\\.ts$`),
        ...['contracts', 'errors', 'clock', 'config'].map(room),
        npm(
          '(hono|@hono/.*|zod|@temporalio/client|csv-stringify|swagger-ui-dist|prom-client|rate-limiter-flexible|pino|htmx.org|@picocss/pico)',
        ),
      ],
      'Routes and pages are thin adapters over features.',
    ),
    ...featureRules,
    only(
      'google',
      room('google'),
      [
        room('google'),
        room('errors'),
        room('config'),
        room('clock'),
        'node_modules/(?!@temporalio|hono|@hono|@mikro-orm|kysely)',
      ],
      'Clients know their provider only.',
    ),
    only(
      'google-pace',
      room('google-pace'),
      [room('google-pace'), room('google'), room('db'), room('errors'), room('contracts'), npm('kysely')],
      'Keeps the quota of Google for every feature that asks it.',
    ),
    only(
      'pbx',
      room('pbx'),
      [
        room('pbx'),
        room('db'),
        room('errors'),
        room('config'),
        room('clock'),
        room('contracts'),
        npm('(kysely|zod|@mikro-orm/.*)'),
      ],
      'Clients know their provider only.',
    ),
    only(
      'db',
      room('db'),
      [room('db'), room('errors'), room('config'), room('clock'), room('contracts'), npm('(kysely|@mikro-orm/.*)')],
      'The database knows nobody above it.',
    ),
    only(
      'embedded',
      room('embedded'),
      [room('embedded'), room('errors'), room('config'), 'node_modules/(?!hono|@hono|@mikro-orm)'],
      'Embedded servers stand beside the house.',
    ),
    {
      name: 'google-packages-in-google-only',
      severity: 'error',
      from: { path: '^src/', pathNot: room('google') },
      to: { path: 'node_modules/(@googleapis|google-auth-library|gaxios|googleapis-common)(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test|tools|bench)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
