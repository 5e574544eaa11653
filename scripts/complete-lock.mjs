// npm leaves platform packages that the registry in use does not serve out of the lockfile, and `npm ci` then refuses
// the lockfile as incomplete. This adds the missing optional entries (version and platform only), so that one lockfile
// serves every platform and registry. Run through `npm run lock` after each change of dependencies.
import fs from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
const packages = lock.packages;

const OS = [
  ['android', 'android'],
  ['darwin', 'darwin'],
  ['freebsd', 'freebsd'],
  ['openharmony', 'openharmony'],
  ['linux', 'linux'],
  ['win32', 'win32'],
  ['windows', 'win32'],
  ['win', 'win32'],
];
const CPU = [
  ['arm64', 'arm64'],
  ['aarch64', 'arm64'],
  ['x64', 'x64'],
  ['ia32', 'ia32'],
  ['ppc64', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['loong64', 'loong64'],
  ['arm', 'arm'],
];

const resolves = (from, name) => {
  for (let dir = from; ; ) {
    if (packages[`${dir ? `${dir}/` : ''}node_modules/${name}`]) return true;
    if (!dir) return false;
    const parent = dir.lastIndexOf('node_modules/');
    dir = parent <= 0 ? '' : dir.slice(0, parent - 1);
  }
};
const named = (table, bare) => table.find(([key]) => bare.includes(key))?.[1];

let added = 0;
for (const [path, entry] of Object.entries({ ...packages })) {
  for (const [name, spec] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolves(path, name)) continue;
    const bare = name.split('/').pop();
    const os = named(OS, bare);
    const cpu = named(CPU, bare);
    packages[`node_modules/${name}`] = {
      version: spec.replace(/^[\^~]/, ''),
      optional: true,
      ...(entry.dev && { dev: true }),
      ...(os && { os: [os] }),
      ...(cpu && { cpu: [cpu] }),
      ...(os === 'linux' && { libc: [/musl/.test(bare) ? 'musl' : 'glibc'] }),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
fs.writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional platform packages added to ${file}`);
