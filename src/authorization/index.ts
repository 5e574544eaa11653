export type { AccessTokenRequest } from './access-token.ts';
export { adviceFor } from './advice.ts';
export { type Authorization, createAuthorization } from './authorization.ts';
export type { CreateRequest, RequestCreated } from './create-request.ts';
export type { AuthorizationDependencies, AuthorizationDurations } from './dependencies.ts';
export { type Disconnected, RESET_CONFIRMATION, type ResetPreview } from './disconnect.ts';
export { FEATURE_NAMES, type Feature, type FeatureHealth, type OptionalFeature } from './features.ts';
export type { IntegrationState } from './integration-state.ts';
export type { ConsentView, IntegrationProblem, IntegrationView } from './integration-view.ts';
export { type StateKind, stateKindOf } from './one-time-values.ts';
export type {
  AuthorizationWorkflows,
  ConnectedData,
  ConnectedDataCounts,
  ResumeWaitingWork,
  WantedFeatures,
} from './ports.ts';
export type { RequestKey } from './requests.ts';
export type { ConsentStarted } from './start-consent.ts';
export type { UpkeepStep } from './upkeep.ts';
