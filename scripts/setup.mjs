// Installs the packages when what is installed is not what the lockfile says.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './ground.mjs';

export function setUp() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Error(`Node ${process.version} is too old: install Node 20 or newer.`);
  }
  if (isInstalled()) return;
  console.log('setup: installing the packages (about a minute, only when they change)');
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...first] = npm;
  const { status } = spawnSync(command, [...first, ...flags], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('setup: npm ci failed, see above');
}

/** npm notes what it installed in a lockfile of its own, last of all: an installation that was cut off has none. */
function isInstalled() {
  const noted = path.join(root, 'node_modules', '.package-lock.json');
  if (!fs.existsSync(noted)) return false;
  const installed = readPackages(noted);
  return Object.entries(readPackages(path.join(root, 'package-lock.json')))
    .filter(([name]) => name !== '')
    .every(([name, { version, optional }]) => {
      const found = installed[name];
      return found ? found.version === version : optional === true && !isForThisPlatform(name);
    });
}

/** The optional package that this machine may not go without: the Node that all else runs on. */
function isForThisPlatform(name) {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  return name === `node_modules/node-${os}-${process.arch}`;
}

function readPackages(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}
