import os from 'node:os';
import path from 'node:path';

/** Where programs that were fetched or built for this user are kept between checkouts. `CACHE_DIR` overrides it. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env.CACHE_DIR) return path.resolve(env.CACHE_DIR);
  return path.join(userCache(env), 'pbx-google-workspace');
}

function userCache(env: Readonly<Record<string, string | undefined>>): string {
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  if (process.platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  return path.join(os.homedir(), '.cache');
}
