/** What the global set-up started for the whole suite. */
export type Suite = {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  workflowBundlePath: string;
};

const VARIABLE = 'TEST_SUITE';

/** Called once by the global set-up: jest's workers inherit the environment. */
export const publishSuite = (suite: Suite): void => {
  process.env[VARIABLE] = JSON.stringify(suite);
};

export const suite = (): Suite => {
  const published = process.env[VARIABLE];
  if (!published) throw new Error('The global set-up has not run: start tests through jest.');
  return JSON.parse(published) as Suite;
};
