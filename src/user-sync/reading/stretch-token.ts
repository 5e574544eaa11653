import { isAppError } from '../../errors.ts';
import type { DirectoryAccess } from '../ports.ts';

/**
 * One access token for many requests of half a minute, fetched once. A refused one is renewed once, whoever met the
 * refusal first.
 */
export const createStretchToken = (access: DirectoryAccess, tenantId: string) => {
  let current: Promise<string> | undefined;
  let lastRefused: string | undefined;

  const open = (): Promise<string> => {
    current ??= access.getAccessToken(tenantId);
    return current;
  };

  const renew = (refused: string): Promise<string> => {
    if (refused !== lastRefused) {
      lastRefused = refused;
      current = access.forgetAccessToken(tenantId, refused).then(() => access.getAccessToken(tenantId));
    }
    return open();
  };

  return {
    open,

    /** @throws what the request throws, and what the access throws */
    async use<Answer>(request: (accessToken: string) => Promise<Answer>): Promise<Answer> {
      const accessToken = await open();
      try {
        return await request(accessToken);
      } catch (error) {
        if (!isAppError(error, 'GOOGLE_TOKEN_REJECTED')) throw error;
        return request(await renew(accessToken));
      }
    },
  };
};
