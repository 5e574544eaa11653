import type { DirectoryNeed } from '../ports.ts';
import type { SettingsStore } from './settings.ts';

/** Which access beyond the people of the directory the settings of a tenant call for. */
export const createWantedAccess =
  (settings: Pick<SettingsStore, 'read'>) =>
  async (tenantId: string): Promise<readonly DirectoryNeed[]> => {
    const { scope, photos, largePhotos } = await settings.read(tenantId);
    return [
      ...(scope.groups.length > 0 ? (['groups'] as const) : []),
      ...(scope.orgUnits.length > 0 ? (['orgUnits'] as const) : []),
      ...(photos && largePhotos ? (['largePhotos'] as const) : []),
    ];
  };
