import { ConfigError, loadProcessConfig, type ProcessConfig } from './config.ts';

/** Runs a process to its end with the environment's configuration; a mistake in it is told without a stack. */
export const runProgram = async (run: (config: ProcessConfig) => Promise<void>): Promise<void> => {
  try {
    await run(loadProcessConfig(process.env));
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
};
