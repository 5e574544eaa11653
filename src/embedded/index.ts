export { cacheDirectory } from './cache-directory.ts';
export { describeExit, type Exit, type Log } from './child-process.ts';
export { type DataDirectory, openDataDirectory } from './data-directory.ts';
export { freePort } from './free-port.ts';
export { type Guard, startGuard } from './guard.ts';
export {
  type KeptProgram,
  NODE_ENVIRONMENT,
  NODE_FLAGS,
  type RestartPolicy,
  runProgram,
  startKeptProgram,
} from './kept-program.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres.ts';
export { StartupError } from './startup-error.ts';
export { type FindTemporalCliOptions, findTemporalCli, TEMPORAL_CLI_VERSION } from './temporal-cli.ts';
export { type EmbeddedTemporal, type EmbeddedTemporalOptions, startEmbeddedTemporal } from './temporal-server.ts';
