import { AuthorizationRequestEntity, GrantEntity, type Integration, IntegrationEntity } from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import { invalidField } from '../errors.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { ending, openToken } from './grants.ts';
import { findIntegration, findNewestGrant, lockIntegration } from './integrations.ts';
import type { ConnectedDataCounts } from './ports.ts';
import { settlement, settleOpen } from './requests.ts';

/** What has to be sent along with a reset, so that nobody resets by mistake. */
export const RESET_CONFIRMATION = 'reset';

export interface Disconnected {
  /** False when Google could not be told; the access is forgotten here all the same. */
  readonly revokedAtGoogle: boolean;
}

export interface ResetPreview extends ConnectedDataCounts {
  readonly customer: string | null;
  readonly confirmation: typeof RESET_CONFIRMATION;
}

type Dependencies = Pick<
  AuthorizationDependencies,
  'orm' | 'clock' | 'secrets' | 'oauth' | 'workflows' | 'connectedData' | 'releaseAtGoogle'
>;

export const createDisconnection = (dependencies: Dependencies) => {
  const { orm, clock, secrets, oauth, workflows, connectedData, releaseAtGoogle } = dependencies;

  const requireIntegration = async (tenantId: string): Promise<Integration> => {
    const integration = await findIntegration(orm.em.fork(), tenantId);
    if (!integration) throw advisedError('INTEGRATION_NOT_CONFIGURED');
    return integration;
  };

  /** Before our copy goes, because it takes a token to end an access at Google. */
  const revoke = async (integration: Integration): Promise<boolean> => {
    const grant = await findNewestGrant(orm.em.fork(), integration);
    const token = grant && openToken(secrets, grant, 'sealedRefreshToken');
    if (!token) return true;
    await releaseAtGoogle(integration.tenantId).catch(() => undefined);
    return oauth.revoke(token).then(
      () => true,
      () => false,
    );
  };

  const forget = async (em: EntityManager, integration: Integration): Promise<void> => {
    const now = clock();
    const { tenantId, id } = integration;
    await settleOpen(em, integration, settlement('cancelled', now));
    await em.nativeUpdate(
      GrantEntity,
      { tenantId, integrationId: id, $or: [{ endedAt: null }, { sealedRefreshToken: { $ne: null } }] },
      ending('DISCONNECTED', now),
    );
    await em.nativeUpdate(IntegrationEntity, { tenantId, id }, { disconnectedAt: now });
  };

  const stopWorkflows = async ({ tenantId, id }: Integration): Promise<void> => {
    await workflows.cancel({ tenantId, integrationId: id });
    await workflows.tokenChanged({ tenantId, integrationId: id });
  };

  const targetOf = ({ id }: Integration) => ({ kind: 'integration', id, name: 'Google Workspace' });

  return {
    /**
     * Ends the access at Google and forgets the tokens. People, bindings, settings and credentials stay.
     *
     * @throws AppError INTEGRATION_NOT_CONFIGURED
     */
    async disconnect(actor: Actor, tenantId: string): Promise<Disconnected> {
      authorize(actor, tenantId, 'admin');
      const integration = await requireIntegration(tenantId);
      const revokedAtGoogle = await revoke(integration);
      await orm.em.fork().transactional(async (em) => {
        await lockIntegration(em, tenantId);
        await forget(em, integration);
        recordAudit(em, {
          actor,
          tenantId,
          at: clock(),
          action: 'integration.disconnected',
          target: targetOf(integration),
          details: { revokedAtGoogle },
        });
      });
      await stopWorkflows(integration);
      return { revokedAtGoogle };
    },

    /**
     * Ends the access of a level that is about to be deleted; its rows go with the level. May be called again.
     *
     * @returns the integration whose workflows are to end too, if there is one
     */
    async release(tenantId: string): Promise<string | undefined> {
      const integration = await findIntegration(orm.em.fork(), tenantId);
      if (!integration) return undefined;
      await revoke(integration);
      await orm.em.fork().transactional(async (em) => {
        await lockIntegration(em, tenantId);
        await forget(em, integration);
      });
      return integration.id;
    },

    /** What a reset would drop. */
    async previewReset(actor: Actor, tenantId: string): Promise<ResetPreview> {
      authorize(actor, tenantId, 'read');
      const em = orm.em.fork();
      const integration = await findIntegration(em, tenantId);
      return {
        ...(await connectedData.count(em, tenantId)),
        customer: integration?.pinnedHostedDomain ?? null,
        confirmation: RESET_CONFIRMATION,
      };
    },

    /**
     * Disconnects, and drops what ties this level to its Google customer: the customer itself, the bindings and the sync
     * mode. People and credentials stay.
     *
     * @returns what was dropped
     * @throws AppError VALIDATION_FAILED without the confirmation; INTEGRATION_NOT_CONFIGURED
     */
    async reset(actor: Actor, tenantId: string, confirm: string): Promise<Disconnected & ResetPreview> {
      authorize(actor, tenantId, 'admin');
      if (confirm !== RESET_CONFIRMATION) {
        throw invalidField(
          'confirm',
          `Send “${RESET_CONFIRMATION}” to confirm. This drops all bindings and the sync mode.`,
        );
      }
      const integration = await requireIntegration(tenantId);
      const revokedAtGoogle = await revoke(integration);
      const dropped = await orm.em.fork().transactional(async (em) => {
        const locked = await lockIntegration(em, tenantId);
        const counts = await connectedData.count(em, tenantId);
        await em.nativeDelete(GrantEntity, { tenantId, integrationId: integration.id });
        await em.nativeDelete(AuthorizationRequestEntity, { tenantId, integrationId: integration.id });
        await em.nativeUpdate(
          IntegrationEntity,
          { tenantId, id: integration.id },
          { pinnedCustomerId: null, pinnedHostedDomain: null, disconnectedAt: null },
        );
        await connectedData.drop(em, tenantId);
        recordAudit(em, {
          actor,
          tenantId,
          at: clock(),
          action: 'integration.reset',
          target: targetOf(integration),
          details: { revokedAtGoogle, ...counts },
        });
        return { ...counts, customer: locked?.pinnedHostedDomain ?? null };
      });
      await stopWorkflows(integration);
      return { ...dropped, revokedAtGoogle, confirmation: RESET_CONFIRMATION };
    },
  };
};
