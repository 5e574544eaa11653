import { describe, expect, test } from '@jest/globals';
import { SYSTEM_TENANT_ID } from '../../../src/contracts/index.ts';
import { isAppError } from '../../../src/errors.ts';
import { type Actor, authorize, SCOPES, type Scope } from '../../../src/tenants/actor.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';

const actor = (tenantId: string, ...scopes: Scope[]): Actor => ({
  kind: 'api-token',
  id: 'token',
  name: 'token',
  tenantId,
  scopes,
  ip: undefined,
});

const outcome = (who: Actor, tenantId: string, need: Scope): string => {
  try {
    authorize(who, tenantId, need);
    return 'allowed';
  } catch (error) {
    return isAppError(error) ? error.code : 'unexpected';
  }
};

describe('authorize', () => {
  test.each(SCOPES)('lets the system act on every tenant and itself with the scope %s', (scope) => {
    for (const level of [SYSTEM_TENANT_ID, TENANT, OTHER]) {
      expect(outcome(actor(SYSTEM_TENANT_ID, scope), level, scope)).toBe('allowed');
    }
  });

  test.each(SCOPES)('hides everything from a tenant but itself, whatever scope is asked: %s', (need) => {
    for (const scope of SCOPES) {
      expect(outcome(actor(TENANT, scope), OTHER, need)).toBe('NOT_FOUND');
      expect(outcome(actor(TENANT, scope), SYSTEM_TENANT_ID, need)).toBe('NOT_FOUND');
    }
  });

  test('admin covers the other scopes, and they do not cover each other', () => {
    for (const need of SCOPES) expect(outcome(actor(TENANT, 'admin'), TENANT, need)).toBe('allowed');
    expect(outcome(actor(TENANT, 'read'), TENANT, 'admin')).toBe('FORBIDDEN');
    expect(outcome(actor(TENANT, 'read'), TENANT, 'events:write')).toBe('FORBIDDEN');
    expect(outcome(actor(TENANT, 'events:write'), TENANT, 'read')).toBe('FORBIDDEN');
  });
});
