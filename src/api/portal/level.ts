import type { AppContext } from '../environment.ts';
import { levelPath } from './navigation.ts';

/** The two places where pages of both levels stand. */
export const LEVEL_PATHS = ['/system', '/tenants/:tenantId'] as const;

export interface PortalLevel {
  readonly base: string;
  /** As it reads in a sentence. */
  readonly name: string;
  readonly timeZone: string;
}

/** The level that the page belongs to; after `requireAdministrator`. */
export const levelOf = (c: AppContext): PortalLevel => {
  const tenant = c.get('tenant');
  return {
    base: levelPath(c.get('tenantId')),
    name: tenant?.name ?? 'the whole system',
    timeZone: tenant?.timeZone ?? 'UTC',
  };
};
