import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where a Chromium stands below a directory of Playwright's cache, by platform. */
const IN_PLAYWRIGHT = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win/chrome.exe',
];

export const CHROMIUM_HINT =
  'no Chromium was found; install one (Debian: apt-get install chromium) or set CHROMIUM_PATH';

/** The browser for browser tests: `CHROMIUM_PATH`, else the first on the PATH, else the newest in Playwright's cache. */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH;
  const directories = (env.PATH ?? '').split(path.delimiter).filter((directory) => path.isAbsolute(directory));
  const onPath = NAMES.flatMap((name) => directories.map((directory) => path.join(directory, name)));
  return [...onPath, ...inPlaywrightCache(env.PLAYWRIGHT_BROWSERS_PATH)].find(isExecutable);
}

/** Starts the browser without a window. Root needs its sandbox off: user namespaces are closed to it. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return chromium.launch({ executablePath, args });
}

function inPlaywrightCache(given: string | undefined): string[] {
  const caches = [
    path.join(os.homedir(), '.cache', 'ms-playwright'),
    path.join(os.homedir(), 'Library/Caches/ms-playwright'),
  ];
  return (given ? [given] : caches)
    .filter((cache) => fs.existsSync(cache))
    .flatMap((cache) =>
      fs
        .readdirSync(cache)
        .filter((name) => name.startsWith('chromium-'))
        .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]))
        .flatMap((name) => IN_PLAYWRIGHT.map((file) => path.join(cache, name, file))),
    );
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
