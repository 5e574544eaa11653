import { isAppError } from '../../errors.ts';
import type { DirectoryAccess, DirectoryNeed } from '../ports.ts';

/** Asks Google with a tenant's access token; one that is refused before its time is renewed once. */
export const withAccessToken = async <Answer>(
  access: DirectoryAccess,
  { tenantId, need }: { readonly tenantId: string; readonly need?: DirectoryNeed },
  ask: (accessToken: string) => Promise<Answer>,
): Promise<Answer> => {
  const accessToken = await access.getAccessToken(tenantId, need);
  try {
    return await ask(accessToken);
  } catch (error) {
    if (!isAppError(error, 'GOOGLE_TOKEN_REJECTED')) throw error;
    await access.forgetAccessToken(tenantId, accessToken);
    return ask(await access.getAccessToken(tenantId, need));
  }
};
