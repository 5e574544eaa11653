import type { AuthorizationOutcome, AuthorizationStarted, AuthorizeIntegrationInput } from '../contracts/index.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import { createAccessTokens } from './access-token.ts';
import { createRequestCompleter } from './complete-request.ts';
import { createRequestCreator } from './create-request.ts';
import { type AuthorizationDependencies, DEFAULT_DURATIONS } from './dependencies.ts';
import { createDisconnection } from './disconnect.ts';
import { createRequestEnder } from './end-request.ts';
import { createIntegrationViewer } from './integration-view.ts';
import { findIntegration, requireConfigured } from './integrations.ts';
import { type AnswerReceived, createAnswerReceiver, type GoogleAnswer } from './receive-answer.ts';
import { chooseRedirectUri, redirectUris } from './redirect-uris.ts';
import { createRefresher } from './refresh.ts';
import { createCredentialsSaver } from './save-credentials.ts';
import { createConsentStarter } from './start-consent.ts';
import { createUpkeep } from './upkeep.ts';

/** The connection of a level with Google: credentials, consent, grant, tokens. */
export const createAuthorization = (given: AuthorizationDependencies) => {
  const dependencies = { ...given, durations: { ...DEFAULT_DURATIONS, ...given.durations } };
  const { orm, clock, origins, workflows, resumeWaitingWork } = dependencies;
  const refresh = createRefresher(dependencies);
  const receiveAnswer = createAnswerReceiver(dependencies);

  return {
    ...createIntegrationViewer(dependencies),
    ...createDisconnection(dependencies),
    ...createAccessTokens({ ...dependencies, refresh }),
    redirectUris: redirectUris(origins),
    saveCredentials: createCredentialsSaver(dependencies),

    /**
     * Begins a consent, or replaces the one that is under way.
     *
     * @param redirectUri one of ours; the first when left out
     * @returns our one-time start page
     * @throws AppError INTEGRATION_NOT_CONFIGURED, VALIDATION_FAILED
     */
    async begin(actor: Actor, tenantId: string, redirectUri?: string): Promise<AuthorizationStarted> {
      authorize(actor, tenantId, 'admin');
      const chosen = chooseRedirectUri(origins, redirectUri);
      const integration = await orm.em.fork().transactional(async (em) => {
        const { integration } = requireConfigured(await findIntegration(em, tenantId));
        recordAudit(em, {
          actor,
          tenantId,
          at: clock(),
          action: 'integration.authorization-begun',
          target: { kind: 'integration', id: integration.id, name: 'Google Workspace' },
        });
        return { tenantId, integrationId: integration.id };
      });
      const request = { requestId: crypto.randomUUID(), redirectUri: chosen, requestedBy: `${actor.kind}/${actor.id}` };
      return workflows.begin(integration, request);
    },

    startConsent: createConsentStarter(dependencies),

    /**
     * Takes Google's answer and has it worked on.
     *
     * @returns whose consent it was; `outcome` is undefined when it takes longer than a browser should wait
     * @throws AppError as the parts; nothing has changed then
     */
    async answer(
      answer: GoogleAnswer,
    ): Promise<AnswerReceived & { readonly outcome: AuthorizationOutcome | undefined }> {
      const received = await receiveAnswer(answer);
      const { tenantId, integrationId, requestId } = received;
      // Without Temporal the answer stays on its row, and the workflow finds it there when its time is over.
      const outcome = await workflows.complete({ tenantId, integrationId }, { requestId }).catch(() => undefined);
      return { ...received, outcome };
    },

    /** The steps of `authorize-integration`. */
    createRequest: createRequestCreator(dependencies),
    completeRequest: createRequestCompleter(dependencies),
    ...createRequestEnder(dependencies),

    /** Tells everyone whom it concerns that there is a new grant. */
    async announceGrant({ tenantId, integrationId }: AuthorizeIntegrationInput): Promise<void> {
      await workflows.tokenChanged({ tenantId, integrationId });
      await resumeWaitingWork(tenantId);
    },

    /** The step of `keep-token-fresh`. */
    keepFresh: createUpkeep({ ...dependencies, refresh }),
  };
};

export type Authorization = ReturnType<typeof createAuthorization>;
