import { isSystem } from '../contracts/ids.ts';
import { AppError } from '../errors.ts';
import { type Actor, authorize } from '../tenants/index.ts';

/** @throws AppError NOT_FOUND, FORBIDDEN; SYSTEM_LEVEL_MAIL_ONLY for the system, which synchronizes nobody */
export const allow = (actor: Actor, tenantId: string, need: 'read' | 'admin'): void => {
  authorize(actor, tenantId, need);
  if (isSystem(tenantId)) {
    throw new AppError(
      'SYSTEM_LEVEL_MAIL_ONLY',
      'At system level Google Workspace only sends mail. Set user sync up in a tenant.',
    );
  }
};
