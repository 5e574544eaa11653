import { admin, type admin_directory_v1, auth as googleAuth } from '@googleapis/admin';
import type { GoogleEndpoints } from '../config.ts';

/** Google's own client of the Directory API, for one access token. */
export const createAdminClient = (endpoints: GoogleEndpoints, accessToken: string): admin_directory_v1.Admin => {
  const auth = new googleAuth.OAuth2();
  auth.setCredentials({ access_token: accessToken });
  return admin({ version: 'directory_v1', auth, rootUrl: `${endpoints.admin}/` });
};

/** One try: a run waits durably and a page answers at once; a client that tries again would wait in memory. */
export const oneTry = (timeoutMs: number, signal: AbortSignal | undefined) => ({
  retry: false,
  timeout: timeoutMs,
  ...(signal && { signal }),
});
