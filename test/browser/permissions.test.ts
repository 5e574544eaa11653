import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { freePort } from '../../src/embedded/index.ts';
import { SCOPES } from '../../src/google/scopes.ts';
import { type HttpServer, serveHttp } from '../../src/serve-http.ts';
import { type GoogleStandIn, startGoogleStandIn } from '../../tools/google-stand-in/index.ts';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { CHROMIUM_HINT, findChromium, launchChromium } from '../support/chromium.ts';

const chromium = findChromium();
if (!chromium) console.warn(CHROMIUM_HINT);

const SHOTS = process.env.SCREENSHOT_DIR;

(chromium ? describe : describe.skip)('the tab Permissions', () => {
  let google: GoogleStandIn;
  let api: ApiWorld;
  let server: HttpServer;
  let browser: Browser;
  let url: string;
  let tenantId: string;
  let administrator: { email: string; password: string; domain: string };
  let client: { clientId: string; clientSecret: string };
  let consenting: string;

  beforeAll(async () => {
    const port = await freePort('127.0.0.1');
    url = `http://localhost:${port}`;
    google = await startGoogleStandIn();
    const { companies } = await google.control.seed({ redirectUris: [`${url}/google/callback`] });
    client = companies[0]?.client ?? { clientId: '', clientSecret: '' };
    consenting = companies[0]?.admin.email ?? '';
    api = await createApiWorld({ publicUrl: url, formTargets: [google.url] }, { googleUrl: google.url });
    server = await serveHttp({ fetch: api.app.fetch as never, port, host: '127.0.0.1', graceMs: 100 });
    browser = await launchChromium(chromium ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await Promise.all([api?.close(), google?.close()]);
  });
  beforeEach(async () => {
    const tenant = await api.newTenant();
    tenantId = tenant.id;
    administrator = { ...(await api.newAdministrator(tenantId)), domain: tenant.sipDomain };
  });

  const shot = async (page: Page, name: string): Promise<void> => {
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  };
  const openTab = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext(options);
    const [name = '', value = ''] = (await api.signIn(administrator)).split('=');
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${url}/tenants/${tenantId}/google-workspace`);
    return page;
  };
  const saveCredentials = async (page: Page): Promise<void> => {
    await page.getByLabel('Client ID').fill(client.clientId);
    await page.getByLabel('Client secret').fill(client.clientSecret);
    await page.getByRole('button', { name: 'Save credentials' }).click();
    await page.getByText('The credentials are saved.').waitFor();
  };
  const consent = async (page: Page, { untick = [] as string[], button = 'Allow' } = {}): Promise<void> => {
    await page.getByRole('button', { name: 'Complete the authorization' }).click();
    await page.getByText(consenting).first().click();
    for (const scope of untick) await page.locator(`input[value="${scope}"]`).uncheck();
    await page.getByRole('button', { name: button }).click();
    await page.waitForURL(`${url}/**`);
  };

  test('connects without any script', async () => {
    const page = await openTab({ javaScriptEnabled: false });
    await shot(page, 'empty');
    await saveCredentials(page);
    await shot(page, 'configured');
    await consent(page);
    await page.getByText('Active', { exact: true }).waitFor();
    expect(page.url()).not.toContain('code=');
    expect(await page.getByText(consenting).isVisible()).toBe(true);
    await shot(page, 'active');
    await page.context().close();
  });

  test('says which features lack access, in the dark and on a phone', async () => {
    const page = await openTab({ colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await saveCredentials(page);
    await consent(page, { untick: [SCOPES.directoryUsers] });
    await page.getByText('Connected, but user sync and photos lack access that was not granted.').first().waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(390);
    await shot(page, 'partly-dark-phone');
    await page.context().close();
  });

  test('says what to do after a declined consent', async () => {
    const page = await openTab();
    await saveCredentials(page);
    await consent(page, { button: 'Cancel' });
    await page.getByText('The consent was declined at Google.').waitFor();
    await shot(page, 'declined');
    await page.context().close();
  });

  test('says why the authorization ended, since when and what to do', async () => {
    const page = await openTab({ colorScheme: 'dark' });
    await saveCredentials(page);
    await consent(page);
    await google.control.endRefreshTokens({ how: 'invalid_grant' });
    api.now.value = new Date(Date.now() + 60 * 60_000);
    await api.dependencies.authorization.getAccessToken({ tenantId, purpose: 'mail' }).catch(() => undefined);
    api.now.value = new Date();
    await page.reload();
    await page.getByText('Re-authorize needed', { exact: true }).waitFor();
    await page.getByText('What to do:').first().waitFor();
    await shot(page, 'reauthorize-dark');
    await consent(page);
    await page.getByText('Active', { exact: true }).waitFor();
    await page.context().close();
  });

  test('learns by itself, where script runs, that a consent given elsewhere is done', async () => {
    const page = await openTab();
    await saveCredentials(page);
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(page.url());
    await elsewhere.getByRole('button', { name: 'Complete the authorization' }).click();
    await elsewhere.getByText(consenting).first().waitFor();
    await page.reload();
    await page.getByText('Waiting for consent', { exact: true }).waitFor();
    await elsewhere.getByText(consenting).first().click();
    await elsewhere.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
    await page.context().close();
  });

  test('copies the redirect URI, and can be walked with the keyboard alone', async () => {
    const page = await openTab({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: /^Copy/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${url}/google/callback`);
    await page.keyboard.press('Tab');
    await page.keyboard.type(client.clientId);
    await page.keyboard.press('Tab');
    await page.keyboard.type(client.clientSecret);
    await page.keyboard.press('Enter');
    await page.getByText('The credentials are saved.').waitFor();
    await page.context().close();
  });

  test('keeps a mistyped client id in the form, says what is wrong, and takes the right one', async () => {
    const page = await openTab();
    await page.getByLabel('Client ID').fill('my-client');
    await page.getByLabel('Client secret').fill('GOCSPX-something');
    await page.getByRole('button', { name: 'Save credentials' }).click();
    const field = page.getByLabel('Client ID');
    expect(await field.inputValue()).toBe('my-client');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await shot(page, 'mistyped');
    await saveCredentials(page);
    await page.context().close();
  });

  test('asks before it disconnects and resets', async () => {
    const page = await openTab();
    await saveCredentials(page);
    await consent(page);
    await page.getByRole('link', { name: 'Disconnect…' }).click();
    await shot(page, 'disconnect');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Disconnected', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Reset…' }).click();
    await shot(page, 'reset');
    await page.getByLabel(/to confirm/).fill('reset');
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.getByText('The integration is reset.').waitFor();
    await page.context().close();
  });
});
