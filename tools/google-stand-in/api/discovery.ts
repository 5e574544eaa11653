import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of Google's discovery format that the stand-in reads. */
export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
};

export type Parameter = Schema & {
  location: 'query' | 'path';
  required?: boolean;
  repeated?: boolean;
  minimum?: string;
  maximum?: string;
  pattern?: string;
};

type RawMethod = {
  id: string;
  httpMethod: string;
  path: string;
  parameters?: Record<string, Parameter>;
  request?: { $ref: string };
  response?: { $ref: string };
  scopes?: string[];
  mediaUpload?: { maxSize?: string; protocols: Record<'simple' | 'resumable', { path: string } | undefined> };
};

type RawResource = { methods?: Record<string, RawMethod>; resources?: Record<string, RawResource> };

type Document = RawResource & {
  servicePath: string;
  parameters: Record<string, Parameter>;
  schemas: Record<string, Schema>;
  auth?: { oauth2: { scopes: Record<string, unknown> } };
};

export type ApiName = 'admin' | 'gmail' | 'people' | 'oauth2';
export type UploadProtocol = 'simple' | 'resumable';

/** One method of one API, with everything its requests and answers are checked against. */
export type ApiMethod = {
  id: string;
  api: ApiName;
  httpMethod: string;
  parameters: Record<string, Parameter>;
  request: Schema | undefined;
  response: Schema | undefined;
  schemas: Record<string, Schema>;
  scopes: string[];
  uploadMaxBytes: number | undefined;
};

export type Match = { method: ApiMethod; params: Record<string, string>; upload: UploadProtocol | undefined };

const files: Record<ApiName, string> = {
  admin: 'admin.directory_v1.json',
  gmail: 'gmail.v1.json',
  people: 'people.v1.json',
  oauth2: 'oauth2.v2.json',
};

type Route = { pattern: RegExp; names: string[]; method: ApiMethod; upload: UploadProtocol | undefined };

/** Reads Google's API descriptions and finds the method behind a path. */
export function loadDiscovery(dir: string = join(import.meta.dirname, '../discovery')) {
  const routes: Route[] = [];
  const scopes = new Set(['openid', 'email', 'profile']);

  for (const [api, file] of Object.entries(files) as [ApiName, string][]) {
    const document = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Document;
    for (const scope of Object.keys(document.auth?.oauth2.scopes ?? {})) scopes.add(scope);
    for (const raw of methodsOf(document)) addRoutes(routes, api, document, raw);
  }

  return {
    scopes: scopes as ReadonlySet<string>,
    find(httpMethod: string, path: string): Match | undefined {
      for (const { pattern, names, method, upload } of routes) {
        if (method.httpMethod !== httpMethod && !(upload && httpMethod === 'PUT')) continue;
        const found = pattern.exec(path);
        if (!found) continue;
        const params: Record<string, string> = {};
        for (const [index, name] of names.entries()) params[name] = safeDecode(found[index + 1] ?? '');
        const fits = names.every((name) => {
          const expected = method.parameters[name]?.pattern;
          return !expected || new RegExp(expected).test(params[name] ?? '');
        });
        if (fits) return { method, params, upload };
      }
      return undefined;
    },
  };
}

export type Discovery = ReturnType<typeof loadDiscovery>;

function* methodsOf(resource: RawResource): Generator<RawMethod> {
  yield* Object.values(resource.methods ?? {});
  for (const child of Object.values(resource.resources ?? {})) yield* methodsOf(child);
}

function addRoutes(routes: Route[], api: ApiName, document: Document, raw: RawMethod): void {
  const method: ApiMethod = {
    id: raw.id,
    api,
    httpMethod: raw.httpMethod,
    parameters: { ...document.parameters, ...raw.parameters },
    request: raw.request,
    response: raw.response,
    schemas: document.schemas,
    scopes: raw.scopes ?? [],
    uploadMaxBytes: raw.mediaUpload ? Number(raw.mediaUpload.maxSize ?? Number.POSITIVE_INFINITY) : undefined,
  };
  routes.push({ ...compile(`/${document.servicePath}${raw.path}`), method, upload: undefined });
  for (const protocol of ['simple', 'resumable'] as const) {
    const path = raw.mediaUpload?.protocols[protocol]?.path;
    if (path) routes.push({ ...compile(path), method, upload: protocol });
  }
}

function compile(template: string): { pattern: RegExp; names: string[] } {
  const names: string[] = [];
  const source = template.replaceAll(
    /\{(\+?)([^}]+)\}|[.*+?^$()|[\]\\]/g,
    (part, plus: string | undefined, name: string | undefined) => {
      if (!name) return `\\${part}`;
      names.push(name);
      return plus ? '(.+)' : '([^/]+)';
    },
  );
  return { pattern: new RegExp(`^${source}$`), names };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
