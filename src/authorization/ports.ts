import type {
  AuthorizationOutcome,
  AuthorizationStarted,
  AuthorizeIntegrationInput,
  BeginAuthorization,
  CompleteAuthorization,
  KeepTokenFreshInput,
} from '../contracts/index.ts';
import type { EntityManager } from '../db/orm.ts';
import type { OptionalFeature } from './features.ts';

/** The durable side of a consent and of token upkeep; `temporal/` implements it. */
export interface AuthorizationWorkflows {
  /** Starts `authorize-integration`, or joins the running one and replaces its request, and waits for the request. */
  begin(integration: AuthorizeIntegrationInput, request: BeginAuthorization): Promise<AuthorizationStarted>;
  /**
   * Tells the workflow that the request was answered, and waits for the outcome for a bounded time. Undefined when it
   * is still at work; the outcome then shows on the request. Sending it twice for one request is one completion.
   */
  complete(
    integration: AuthorizeIntegrationInput,
    request: CompleteAuthorization,
  ): Promise<AuthorizationOutcome | undefined>;
  /** Cancels a consent under way; nothing happens when there is none. */
  cancel(integration: AuthorizeIntegrationInput): Promise<void>;
  /** Has `keep-token-fresh` look at the grant now, and starts it when it does not run. */
  tokenChanged(integration: KeepTokenFreshInput): Promise<void>;
}

/** Lets go on what waited for this level's authorization. Called at least once after each new grant. */
export type ResumeWaitingWork = (tenantId: string) => Promise<void>;

/** The optional features that a level uses, and so asks access for. */
export type WantedFeatures = (tenantId: string) => Promise<readonly OptionalFeature[]>;

/** Ends what was opened at Google in a level's name, while the access still works. What fails ends by itself later. */
export type ReleaseAtGoogle = (tenantId: string) => Promise<void>;

/** What a reset drops besides the authorization; it belongs to other features. */
export interface ConnectedData {
  /** What is there, for the page that asks for confirmation. */
  count(em: EntityManager, tenantId: string): Promise<ConnectedDataCounts>;
  /** Runs in the transaction of the reset. People keep their extensions. */
  drop(em: EntityManager, tenantId: string): Promise<void>;
}

export interface ConnectedDataCounts {
  readonly bindings: number;
  readonly syncMode: 'manual' | 'automatic' | null;
}
