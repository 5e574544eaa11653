import { z } from 'zod';

/** Origins of Google's services, without a trailing slash; a stand-in or a proxy replaces some or all. */
export interface GoogleEndpoints {
  readonly accounts: string;
  readonly oauth: string;
  readonly apis: string;
  readonly openid: string;
  readonly admin: string;
  readonly gmail: string;
  readonly people: string;
  /** Another origin than Google's own takes the place of all of Google's image hosts. */
  readonly images: string;
}

/** Where Google serves pictures of people. */
export const GOOGLE_IMAGES = 'https://lh3.googleusercontent.com';

/** One 256-bit key with its name; the first of a list encrypts, all of them decrypt. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface TemporalConfig {
  readonly address: string | undefined;
  readonly namespace: string;
  readonly apiKey: string | undefined;
  readonly tls:
    | { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly serverName?: string }
    | undefined;
}

export interface BootstrapConfig {
  readonly adminEmail: string | undefined;
  readonly adminPassword: string | undefined;
  readonly apiToken: string | undefined;
}

export interface Config {
  readonly http: {
    readonly port: number;
    readonly host: string;
    readonly publicUrl: string;
    readonly sbcUrl: string | undefined;
  };
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly temporal: TemporalConfig;
  readonly encryptionKeys: readonly EncryptionKey[] | undefined;
  readonly bootstrap: BootstrapConfig;
  readonly google: GoogleEndpoints;
  readonly googleQuota: { readonly queriesPerMinute: number };
  /** How long what user sync did stays readable. */
  readonly retention: { readonly logDays: number; readonly snapshots: number };
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** What the API and worker processes run on: the same configuration with nothing left to be embedded. */
export interface ProcessConfig extends Config {
  readonly databaseUrl: string;
  readonly temporal: TemporalConfig & { readonly address: string };
  readonly encryptionKeys: readonly EncryptionKey[];
}

/** Raised once at start with every mistake of the environment, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLoopbackUrl = (url: string): boolean => LOOPBACK.has(new URL(url).hostname);

const origin = z.string().transform((value, context) => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.search ||
    url.hash ||
    url.username
  ) {
    context.addIssue({ code: 'custom', message: 'must be an origin such as https://pbx.example.com, with no path' });
    return z.NEVER;
  }
  return url.origin;
});

const googleOrigin = origin.refine((value) => value.startsWith('https:') || isLoopbackUrl(value), {
  message: 'plain http is allowed on this machine only (localhost, 127.0.0.1)',
});

const postgresUrl = z.string().refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), {
  message: 'must be a URL such as postgres://user:password@host:5432/database',
});

const encryptionKeys = z.string().transform((value, context): EncryptionKey[] => {
  const keys = value.split(',').map((part) => {
    const separator = part.indexOf(':');
    return { id: part.slice(0, separator).trim(), key: Buffer.from(part.slice(separator + 1).trim(), 'base64') };
  });
  const unique = new Set(keys.map(({ id }) => id)).size === keys.length;
  if (!unique || keys.some(({ id, key }) => !/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== 32)) {
    context.addIssue({
      code: 'custom',
      message: 'must be id:key[,id:key…] with distinct ids and 32-byte keys in base64 (openssl rand -base64 32)',
    });
    return z.NEVER;
  }
  return keys;
});

const pem = z.string().refine((value) => value.includes('-----BEGIN'), { message: 'must be PEM text' });

const environment = z.object({
  PORT: z.coerce.number({ message: 'must be a port number' }).int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: origin.optional(),
  SBC_URL: origin.optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: postgresUrl.optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, { message: 'must be host:port' })
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  TEMPORAL_TLS_CA: pem.optional(),
  TEMPORAL_TLS_CERT: pem.optional(),
  TEMPORAL_TLS_KEY: pem.optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().min(1).optional(),
  TEMPORAL_CLI_PATH: z.string().min(1).optional(),
  CACHE_DIR: z.string().min(1).optional(),
  ENCRYPTION_KEYS: encryptionKeys.optional(),
  BOOTSTRAP_ADMIN_EMAIL: z.email({ message: 'must be an e-mail address' }).optional(),
  BOOTSTRAP_ADMIN_PASSWORD: z.string().min(12, { message: 'must have at least 12 characters' }).optional(),
  BOOTSTRAP_API_TOKEN: z.string().min(32, { message: 'must have at least 32 characters' }).optional(),
  GOOGLE_URL: googleOrigin.optional(),
  GOOGLE_ACCOUNTS_URL: googleOrigin.optional(),
  GOOGLE_OAUTH_URL: googleOrigin.optional(),
  GOOGLE_APIS_URL: googleOrigin.optional(),
  GOOGLE_OPENID_URL: googleOrigin.optional(),
  GOOGLE_ADMIN_URL: googleOrigin.optional(),
  GOOGLE_GMAIL_URL: googleOrigin.optional(),
  GOOGLE_PEOPLE_URL: googleOrigin.optional(),
  GOOGLE_IMAGES_URL: googleOrigin.optional(),
  GOOGLE_QUERIES_PER_MINUTE: z.coerce
    .number({ message: 'must be a number of requests a minute' })
    .int()
    .min(60, { message: 'must be at least 60' })
    .max(1_000_000)
    .default(2_400),
  RETENTION_LOG_DAYS: z.coerce.number({ message: 'must be a number of days' }).int().min(2).max(3_650).default(90),
  RETENTION_SNAPSHOTS: z.coerce.number({ message: 'must be a number of lists' }).int().min(1).max(100).default(3),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

type Environment = z.infer<typeof environment>;

/** The names this product reads from its environment. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environment.shape);

const googleEndpoints = (env: Environment): GoogleEndpoints => ({
  accounts: env.GOOGLE_ACCOUNTS_URL ?? env.GOOGLE_URL ?? 'https://accounts.google.com',
  oauth: env.GOOGLE_OAUTH_URL ?? env.GOOGLE_URL ?? 'https://oauth2.googleapis.com',
  apis: env.GOOGLE_APIS_URL ?? env.GOOGLE_URL ?? 'https://www.googleapis.com',
  openid: env.GOOGLE_OPENID_URL ?? env.GOOGLE_URL ?? 'https://openidconnect.googleapis.com',
  admin: env.GOOGLE_ADMIN_URL ?? env.GOOGLE_URL ?? 'https://admin.googleapis.com',
  gmail: env.GOOGLE_GMAIL_URL ?? env.GOOGLE_URL ?? 'https://gmail.googleapis.com',
  people: env.GOOGLE_PEOPLE_URL ?? env.GOOGLE_URL ?? 'https://people.googleapis.com',
  images: env.GOOGLE_IMAGES_URL ?? env.GOOGLE_URL ?? GOOGLE_IMAGES,
});

const temporalTls = (env: Environment): TemporalConfig['tls'] => {
  const {
    TEMPORAL_TLS_CA: ca,
    TEMPORAL_TLS_CERT: cert,
    TEMPORAL_TLS_KEY: key,
    TEMPORAL_TLS_SERVER_NAME: serverName,
  } = env;
  if (!ca && !cert && !key && !serverName) return env.TEMPORAL_API_KEY ? {} : undefined;
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), ...(serverName && { serverName }) };
};

const crossChecks = (env: Environment, google: GoogleEndpoints, publicUrl: string): string[] => {
  const problems: string[] = [];
  if (Object.values(google).some((url) => url.startsWith('http:')) && !isLoopbackUrl(publicUrl)) {
    problems.push(
      'GOOGLE_URL: a Google over plain http is for this machine only, and PUBLIC_URL is not a loopback address',
    );
  }
  if (env.DATABASE_URL && !env.ENCRYPTION_KEYS) {
    problems.push(
      'ENCRYPTION_KEYS: required with DATABASE_URL, so that every process and every restart has the same keys',
    );
  }
  if (!env.TEMPORAL_TLS_CERT !== !env.TEMPORAL_TLS_KEY) {
    problems.push('TEMPORAL_TLS_CERT, TEMPORAL_TLS_KEY: give both or neither');
  }
  if (!env.BOOTSTRAP_ADMIN_EMAIL !== !env.BOOTSTRAP_ADMIN_PASSWORD) {
    problems.push('BOOTSTRAP_ADMIN_EMAIL, BOOTSTRAP_ADMIN_PASSWORD: give both or neither');
  }
  return problems;
};

/**
 * Reads the whole configuration from environment variables.
 *
 * @throws ConfigError naming every mistake at once
 */
export const loadConfig = (variables: Record<string, string | undefined>): Config => {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = parsed.data;
  const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.PORT}`;
  const google = googleEndpoints(env);
  const problems = crossChecks(env, google, publicUrl);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({
    http: { port: env.PORT, host: env.HOST, publicUrl, sbcUrl: env.SBC_URL },
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      apiKey: env.TEMPORAL_API_KEY,
      tls: temporalTls(env),
    },
    encryptionKeys: env.ENCRYPTION_KEYS,
    bootstrap: {
      adminEmail: env.BOOTSTRAP_ADMIN_EMAIL,
      adminPassword: env.BOOTSTRAP_ADMIN_PASSWORD,
      apiToken: env.BOOTSTRAP_API_TOKEN,
    },
    google,
    googleQuota: { queriesPerMinute: env.GOOGLE_QUERIES_PER_MINUTE },
    retention: { logDays: env.RETENTION_LOG_DAYS, snapshots: env.RETENTION_SNAPSHOTS },
    logLevel: env.LOG_LEVEL,
  });
};

/**
 * The configuration of an API or worker process, to which database, Temporal and keys are given.
 *
 * @throws ConfigError naming every mistake at once
 */
export const loadProcessConfig = (variables: Record<string, string | undefined>): ProcessConfig => {
  const config = loadConfig(variables);
  const { databaseUrl, encryptionKeys, temporal } = config;
  const { address } = temporal;
  if (!databaseUrl || !address || !encryptionKeys) {
    const missing = { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: address, ENCRYPTION_KEYS: encryptionKeys };
    throw new ConfigError(
      Object.entries(missing)
        .filter(([, value]) => !value)
        .map(([name]) => `${name}: required here; "npm start" provides it when it embeds the servers`),
    );
  }
  return Object.freeze({ ...config, databaseUrl, encryptionKeys, temporal: { ...temporal, address } });
};
