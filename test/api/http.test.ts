import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let cookie: string;

beforeAll(async () => {
  world = await createApiWorld();
  cookie = await world.signIn(await world.newAdministrator());
});
afterAll(() => world.close());

const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };

describe('errors', () => {
  test('an unknown error says one fixed sentence and the request id, and is logged with its cause', async () => {
    const tenants = { ...world.dependencies.tenants, list: () => Promise.reject(new Error('password=hunter2')) };
    const own = await createApiWorld({ tenants, apiTokens: world.dependencies.apiTokens });
    try {
      const headers = { 'x-request-id': 'from-the-proxy-1' };
      const answer = await own.request('/api/v1/tenants', { token: world.systemToken, headers });
      expect(answer.status).toBe(500);
      expect(answer.body).toMatchObject({ code: 'INTERNAL', requestId: 'from-the-proxy-1' });
      expect(answer.text).not.toContain('hunter2');
      expect(own.logged).toContainEqual(
        expect.objectContaining({ requestId: 'from-the-proxy-1', code: 'INTERNAL', level: 50 }),
      );
    } finally {
      await own.close();
    }
  });

  test('an unknown path is a problem for programs and a page for people', async () => {
    const problem = await world.request('/api/v1/nowhere', { token: world.systemToken });
    expect(problem.body).toMatchObject({ status: 404, code: 'NOT_FOUND', title: 'Not Found' });
    const shown = await world.request('/nowhere', { cookie, headers: page });
    expect(shown.status).toBe(404);
    expect(shown.text).toContain('<h1>There is nothing here</h1>');
  });

  test('broken JSON, another media type and an unknown field are each told apart', async () => {
    const send = (body: string, type: string) =>
      world.app.request('/api/v1/tenants', {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${world.systemToken}` },
      });
    expect((await send('{', 'application/json')).status).toBe(400);
    expect((await send('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
    const tenant = await world.newTenant();
    const answer = await world.request(`/api/v1/tenants/${tenant.id}`, {
      method: 'PATCH',
      token: world.systemToken,
      json: { nam: 'Typo' },
      headers: { 'if-match': '"1"' },
    });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'nam' }] });
  });

  test('a body over 1 MiB is refused before it is read', async () => {
    const answer = await world.request('/api/v1/tenants', {
      token: world.systemToken,
      json: { name: 'x'.repeat(1024 * 1024) },
      headers: { 'content-length': String(1024 * 1024 + 100) },
    });
    expect(answer.body).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  test('somebody not signed in is led to the sign-in and back to the page they wanted', async () => {
    const answer = await world.request('/system/audit?cursor=abc', { headers: page });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/sign-in?next=%2Fsystem%2Faudit%3Fcursor%3Dabc');
  });
});

describe('pages', () => {
  test('run no script and no style of their own, and load nothing from elsewhere', async () => {
    const tenant = await world.newTenant('<b>Bold</b> & Co');
    for (const path of ['/sign-in', '/tenants', '/tenants/new', `/tenants/${tenant.id}`, '/system/api-tokens/new']) {
      const { text, headers } = await world.request(path, { headers: page, ...(path !== '/sign-in' && { cookie }) });
      expect(headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/);
      expect([...text.matchAll(/(?:src|href)="([^"]+)"/g)].filter(([, url]) => !/^[/#]/.test(url ?? ''))).toEqual([]);
      expect(text).not.toContain('<b>Bold');
    }
  });

  test('their files come with their type and may be kept for ever', async () => {
    const { text } = await world.request('/sign-in', { headers: page });
    const files = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? '');
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const url of files) {
      const { status, headers } = await world.request(url);
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toContain('immutable');
      expect(headers.get('content-type')).toMatch(/text\/css|text\/javascript|image\/svg/);
    }
    expect((await world.request('/assets/0000000000000000/portal.css')).status).toBe(404);
  });

  test('a form that is not right comes back with what was typed and each mistake beside its field', async () => {
    const form = { name: 'Acme', sipDomain: 'sip:acme', timeZone: 'Europe/Berlin', firstExtension: 'ten' };
    const { status, text } = await world.request('/tenants/new', { form, cookie, headers: page });
    expect(status).toBe(400);
    expect(text).toContain('value="sip:acme"');
    expect(text).toMatch(/id="sipDomain"[^>]*aria-invalid="true"[^>]*aria-describedby="sipDomain-error"/);
    expect(text).toContain('id="firstExtension-error"');
    expect(text).not.toContain('id="timeZone-error"');
  });

  test('a tenant is added, changed and deleted by forms alone', async () => {
    const post = (path: string, form: Record<string, string>) => world.request(path, { form, cookie, headers: page });
    const input = { name: 'By form', sipDomain: 'form.example', timeZone: 'Asia/Tokyo', firstExtension: '300' };
    const created = await post('/tenants/new', input);
    expect(created.status).toBe(303);
    const [path = ''] = (created.headers.get('location') ?? '').split('?');
    expect((await world.request(path, { cookie, headers: page })).text).toContain('form.example');

    const change = { ...input, name: 'Renamed', version: '1' };
    expect((await post(`${path}/settings`, change)).status).toBe(303);
    const stale = await post(`${path}/settings`, { ...change, name: 'Too late' });
    expect(stale.status).toBe(412);
    expect(stale.text).toContain('Someone changed this in the meantime');

    expect((await post(`${path}/delete`, { confirm: 'something else' })).status).toBe(400);
    expect((await post(`${path}/delete`, { confirm: 'form.example' })).headers.get('location')).toBe(
      '/tenants?done=tenant-deleted',
    );
    expect((await world.request(path, { cookie, headers: page })).status).toBe(404);
  });

  test('only known sentences can be shown through a link', async () => {
    const known = await world.request('/tenants?done=tenant-deleted', { cookie, headers: page });
    expect(known.text).toContain('The tenant is deleted');
    const unknown = await world.request('/tenants?done=call-this-number', { cookie, headers: page });
    expect(unknown.text).not.toContain('call-this-number');
    expect((await world.request('/tenants?done=constructor', { cookie, headers: page })).status).toBe(200);
  });
});

describe('operation', () => {
  test('is alive without its surroundings, and ready only with all of them', async () => {
    const broken = await createApiWorld({
      readiness: { database: async () => undefined, temporal: () => Promise.reject(new Error('away')) },
    });
    try {
      expect((await broken.request('/healthz')).status).toBe(200);
      const answer = await broken.request('/readyz');
      expect(answer.status).toBe(503);
      expect(answer.body).toEqual({ status: 'not-ready', checks: { database: 'ok', temporal: 'failed' } });
    } finally {
      await broken.close();
    }
    expect((await world.request('/readyz')).body.status).toBe('ready');
  });

  test('does not wait for ever for a check that hangs', async () => {
    const hanging = await createApiWorld({
      readiness: { database: () => new Promise(() => {}), temporal: async () => undefined },
    });
    try {
      expect((await hanging.request('/readyz')).body.checks).toEqual({ database: 'failed', temporal: 'ok' });
    } finally {
      await hanging.close();
    }
  });

  test('measures requests by the pattern of their route', async () => {
    await world.request(`/api/v1/tenants/${(await world.newTenant()).id}`, { token: world.systemToken });
    const { text } = await world.request('/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/tenants\/:tenantId",status="200"\}/,
    );
  });

  test('the page of the API description stands on files of ours', async () => {
    const { text, headers } = await world.request('/docs');
    expect(text).toMatch(/src="\/assets\/\w+\/swagger-ui\.js"/);
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
  });
});
