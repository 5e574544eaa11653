import fs from 'node:fs';
import path from 'node:path';

export type SystemUser = { name: string; uid: number; gid: number };

/** Where a start by root keeps what the database's own user must reach and cannot reach below DATA_DIR. */
export const SHARED_STATE = '/var/lib/pbx-google-workspace';

/**
 * Who the database server runs as: undefined means as we do. Postgres refuses to run as root, so root hands it to the
 * owner of the existing data, else to `postgres`, else to `nobody`.
 */
export function databaseUser(existingData: string): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = fs.statSync(existingData, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  return systemUser('postgres') ?? systemUser('nobody') ?? { name: 'user 65534', uid: 65_534, gid: 65_534 };
}

/** Whether this user may pass through every directory on the way to `target` and enter `target` itself. */
export function canReach(user: SystemUser, target: string): boolean {
  for (let at = fs.realpathSync(target); ; at = path.dirname(at)) {
    const { mode, uid, gid } = fs.statSync(at);
    const executable = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & executable)) return false;
    if (at === path.dirname(at)) return true;
  }
}

function systemUser(name: string): SystemUser | undefined {
  const line = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}
