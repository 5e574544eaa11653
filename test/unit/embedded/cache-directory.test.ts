import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheDirectory } from '../../../src/embedded/index.ts';

test('follows CACHE_DIR, then XDG_CACHE_HOME, then the home directory', () => {
  expect(cacheDirectory({ CACHE_DIR: '/own', XDG_CACHE_HOME: '/xdg' })).toBe('/own');
  expect(cacheDirectory({ XDG_CACHE_HOME: '/xdg' })).toBe(path.join('/xdg', 'pbx-google-workspace'));
  expect(cacheDirectory({})).toContain(os.homedir());
});

test('ignores an XDG_CACHE_HOME that is not absolute, as its specification demands', () => {
  expect(cacheDirectory({ XDG_CACHE_HOME: 'cache' })).toBe(cacheDirectory({}));
});
