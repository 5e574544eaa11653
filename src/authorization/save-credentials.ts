import { GrantEntity, type Integration, IntegrationEntity } from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import { AppError } from '../errors.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import { type Credentials, checkCredentials } from './credentials.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { endLiveGrant, MENDABLE_ENDS, NO_FAILURES } from './grants.ts';
import { clientSecretPlace, findNewestGrant, lockIntegration } from './integrations.ts';
import { settlement, settleOpen } from './requests.ts';

export interface SaveCredentials extends Credentials {
  /** The version these credentials replace; left out, whatever is there is replaced. */
  readonly expectedVersion?: number | undefined;
}

type Effect = 'none' | 'client-changed' | 'grant-mended';

const staleWrite = (): AppError =>
  new AppError('STALE_WRITE', 'Somebody else changed this meanwhile. Load the page again, then save.');

type SaverDependencies = Pick<
  AuthorizationDependencies,
  'orm' | 'clock' | 'secrets' | 'workflows' | 'resumeWaitingWork'
>;

export const createCredentialsSaver = ({ orm, clock, secrets, workflows, resumeWaitingWork }: SaverDependencies) => {
  const create = (em: EntityManager, tenantId: string): Integration => {
    const now = clock();
    return em.create(IntegrationEntity, {
      id: crypto.randomUUID(),
      tenantId,
      generation: 0,
      createdAt: now,
      updatedAt: now,
    });
  };

  /** A grant that ended only because the client was refused is taken up again with what is saved now. */
  const mendGrant = async (em: EntityManager, integration: Integration): Promise<Effect> => {
    const grant = await findNewestGrant(em, integration);
    if (!grant?.endCode || !MENDABLE_ENDS.includes(grant.endCode)) return 'none';
    await em.nativeUpdate(
      GrantEntity,
      { tenantId: integration.tenantId, id: grant.id },
      { endedAt: null, endCode: null, ...NO_FAILURES },
    );
    return 'grant-mended';
  };

  const dropWhatWasOfTheOldClient = async (em: EntityManager, integration: Integration): Promise<Effect> => {
    const now = clock();
    await settleOpen(em, integration, settlement('superseded', now));
    const live = await endLiveGrant(em, integration, 'GRANT_CLIENT_CHANGED', now);
    const mendable = { $in: [...MENDABLE_ENDS] };
    await em.nativeUpdate(
      GrantEntity,
      { tenantId: integration.tenantId, integrationId: integration.id, endCode: mendable },
      { endCode: 'GRANT_CLIENT_CHANGED', sealedRefreshToken: null },
    );
    return live > 0 ? 'client-changed' : 'none';
  };

  /**
   * Saves the Google app of a level. The secret is sealed and never told again.
   *
   * @throws AppError VALIDATION_FAILED naming each field and its fix; STALE_WRITE
   */
  return async (actor: Actor, tenantId: string, { expectedVersion, ...pasted }: SaveCredentials): Promise<void> => {
    authorize(actor, tenantId, 'admin');
    const { clientId, clientSecret } = checkCredentials(pasted);
    const { integrationId, effect } = await orm.em.fork().transactional(async (em) => {
      const existing = await lockIntegration(em, tenantId);
      if (expectedVersion !== undefined && expectedVersion !== (existing?.version ?? 0)) throw staleWrite();
      const integration = existing ?? create(em, tenantId);
      const isNewClient = Boolean(integration.clientId) && integration.clientId !== clientId;
      const effect = isNewClient ? await dropWhatWasOfTheOldClient(em, integration) : await mendGrant(em, integration);
      integration.clientId = clientId;
      integration.clientSecret = secrets.seal(clientSecret, clientSecretPlace(integration));
      integration.updatedAt = clock();
      recordAudit(em, {
        actor,
        tenantId,
        at: clock(),
        action: 'integration.credentials-saved',
        target: { kind: 'integration', id: integration.id, name: 'Google Workspace' },
        details: { clientId },
      });
      return { integrationId: integration.id, effect };
    });
    if (effect === 'none') return;
    await workflows.tokenChanged({ tenantId, integrationId });
    if (effect === 'grant-mended') await resumeWaitingWork(tenantId);
  };
};
