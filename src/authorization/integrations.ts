import { LockMode } from '@mikro-orm/core';
import type { Secrets } from '../db/encryption.ts';
import { type Grant, GrantEntity, type Integration, IntegrationEntity } from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import type { OAuthClient } from '../google/oauth.ts';
import { advisedError } from './advice.ts';

/** An integration whose credentials were saved. */
export interface ConfiguredIntegration {
  readonly integration: Integration;
  readonly clientId: string;
}

export const findIntegration = (em: EntityManager, tenantId: string): Promise<Integration | null> =>
  em.findOne(IntegrationEntity, { tenantId });

/** Holds other changes of this integration off until the caller's transaction ends. */
export const lockIntegration = (em: EntityManager, tenantId: string): Promise<Integration | null> =>
  em.findOne(IntegrationEntity, { tenantId }, { lockMode: LockMode.PESSIMISTIC_WRITE });

/** @throws AppError INTEGRATION_NOT_CONFIGURED */
export const requireConfigured = (integration: Integration | null): ConfiguredIntegration => {
  if (!integration?.clientId) throw advisedError('INTEGRATION_NOT_CONFIGURED');
  return { integration, clientId: integration.clientId };
};

export const clientSecretPlace = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }) => ({
  tenantId,
  table: 'integrations',
  rowId: id,
  column: 'client_secret',
});

/** @throws AppError INTEGRATION_NOT_CONFIGURED */
export const openClient = (secrets: Secrets, integration: Integration | null): OAuthClient => {
  if (!integration?.clientId || !integration.clientSecret) throw advisedError('INTEGRATION_NOT_CONFIGURED');
  return {
    clientId: integration.clientId,
    clientSecret: secrets.open(integration.clientSecret, clientSecretPlace(integration)),
  };
};

/** The grant of the newest generation, live or ended. */
export const findNewestGrant = (em: EntityManager, integration: Integration): Promise<Grant | null> =>
  em.findOne(
    GrantEntity,
    { tenantId: integration.tenantId, integrationId: integration.id },
    { orderBy: { generation: 'desc' } },
  );
