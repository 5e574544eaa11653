import { isAppError } from '../../errors.ts';
import type { DirectoryAccess } from '../ports.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { addressProblem, type PushAddress } from './push-address.ts';
import type { UpkeepProblem } from './push-queries.ts';

export interface PushBlockerDependencies {
  readonly settings: SettingsStore;
  readonly access: DirectoryAccess;
  readonly address: PushAddress;
}

/** Why Google cannot tell this tenant of changes, with what to do; undefined when it can. Google is not asked. */
export const createPushBlocker =
  ({ settings, access, address }: PushBlockerDependencies) =>
  async (tenantId: string): Promise<UpkeepProblem | undefined> => {
    const { mode, paused } = await settings.read(tenantId);
    if (mode !== 'automatic') {
      return { code: 'PUSH_NOT_AUTOMATIC', message: 'It belongs to the automatic mode; this tenant is not in it.' };
    }
    if (paused) return { code: 'PUSH_PAUSED', message: 'The sync is paused. It comes back when you resume.' };
    const problem = addressProblem(address);
    if (problem) return { code: 'PUSH_ADDRESS_NOT_PUBLIC', message: problem };
    try {
      await access.requireReady(tenantId);
      return undefined;
    } catch (error) {
      if (!isAppError(error)) throw error;
      return { code: error.code, message: error.publicMessage };
    }
  };

export type PushBlocker = ReturnType<typeof createPushBlocker>;
