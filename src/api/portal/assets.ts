import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Hono } from 'hono';
import { notFound } from '../../errors.ts';

const require = createRequire(import.meta.url);

const own = (name: string): string => path.join(import.meta.dirname, 'assets', name);

const SOURCES = {
  'pico.css': () => require.resolve('@picocss/pico/css/pico.min.css'),
  'portal.css': () => own('portal.css'),
  'portal.js': () => own('portal.js'),
  'favicon.svg': () => own('favicon.svg'),
  'htmx.js': () => path.join(path.dirname(require.resolve('htmx.org/package.json')), 'dist/htmx.min.js'),
  'htmx-sse.js': () => path.join(path.dirname(require.resolve('htmx-ext-sse/package.json')), 'dist/sse.min.js'),
  'google-workspace.css': () => own('google-workspace.css'),
  'user-sync.css': () => own('user-sync.css'),
  'swagger-ui.css': () => require.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui.js': () => require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'api-docs.js': () => own('api-docs.js'),
} as const;

export type AssetName = keyof typeof SOURCES;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Assets {
  /** Where browsers find a file; the address changes with its content. */
  url(name: AssetName): string;
  readonly routes: Hono;
}

/** Reads every file that pages need and serves them from memory under addresses that may be cached for ever. */
export const createAssets = (): Assets => {
  const files = new Map(
    Object.entries(SOURCES).map(([name, source]) => {
      const bytes = new Uint8Array(readFileSync(source()));
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      return [name, { bytes, hash, type: TYPES[path.extname(name)] ?? 'application/octet-stream' }] as const;
    }),
  );
  const routes = new Hono().get('/:hash/:name', (c) => {
    const file = files.get(c.req.param('name'));
    if (!file || file.hash !== c.req.param('hash')) throw notFound('file');
    return c.body(file.bytes, 200, {
      'Content-Type': file.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
  return {
    url: (name) => `/assets/${files.get(name)?.hash}/${name}`,
    routes,
  };
};
