import { LockMode } from '@mikro-orm/core';
import type { Clock } from '../clock.ts';
import type { BootstrapConfig } from '../config.ts';
import { SYSTEM_TENANT_ID } from '../contracts/ids.ts';
import { AdministratorEntity, ApiTokenEntity, TenantEntity } from '../db/entities/index.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import type { Actor } from './actor.ts';
import { visiblePrefix } from './api-tokens.ts';
import { recordAudit } from './audit.ts';
import { hashOpaqueToken } from './opaque-token.ts';
import { hashPassword } from './passwords.ts';

/** The configuration itself, acting at start. */
export const BOOTSTRAP_ACTOR: Actor = {
  kind: 'bootstrap',
  id: 'bootstrap',
  name: 'Configuration',
  tenantId: SYSTEM_TENANT_ID,
  scopes: ['admin'],
  ip: undefined,
};

const audit = (em: EntityManager, at: Date, action: string, target: { kind: string; id: string; name: string }): void =>
  recordAudit(em, { actor: BOOTSTRAP_ACTOR, tenantId: SYSTEM_TENANT_ID, at, action, target });

const addFirstAdministrator = async (em: EntityManager, at: Date, email: string, password: string): Promise<void> => {
  if ((await em.count(AdministratorEntity, { tenantId: SYSTEM_TENANT_ID })) > 0) return;
  const id = crypto.randomUUID();
  em.create(AdministratorEntity, {
    id,
    tenantId: SYSTEM_TENANT_ID,
    email,
    displayName: 'Administrator',
    passwordHash: await hashPassword(password),
    createdAt: at,
  });
  audit(em, at, 'administrator.created', { kind: 'administrator', id, name: email });
};

const addToken = async (em: EntityManager, at: Date, token: string): Promise<void> => {
  const tokenHash = hashOpaqueToken(token);
  if ((await em.count(ApiTokenEntity, { tenantId: SYSTEM_TENANT_ID, tokenHash })) > 0) return;
  const id = crypto.randomUUID();
  const name = 'BOOTSTRAP_API_TOKEN';
  em.create(ApiTokenEntity, {
    id,
    tenantId: SYSTEM_TENANT_ID,
    name,
    prefix: visiblePrefix(token),
    tokenHash,
    scopes: ['admin'],
    createdBy: BOOTSTRAP_ACTOR.name,
    createdAt: at,
  });
  audit(em, at, 'api-token.created', { kind: 'api-token', id, name });
};

/**
 * Lets the first person in. The administrator is made only while the system has none, so a changed password or a
 * removed account stays as it is; the token is valid as long as the configuration names it. Any number of processes
 * may do this at once and at every start.
 */
export const bootstrap = async (
  { orm, clock }: { readonly orm: Orm; readonly clock: Clock },
  { adminEmail, adminPassword, apiToken }: BootstrapConfig,
): Promise<void> => {
  if (!adminEmail && !apiToken) return;
  await orm.em.fork().transactional(async (em) => {
    await em.findOneOrFail(TenantEntity, { id: SYSTEM_TENANT_ID }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (adminEmail && adminPassword) await addFirstAdministrator(em, clock(), adminEmail, adminPassword);
    if (apiToken) await addToken(em, clock(), apiToken);
  });
};
