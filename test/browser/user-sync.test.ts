import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from '../support/product.ts';

const chromium = findChromium(process.env);
const inBrowser = chromium ? describe : describe.skip;

const ADMIN = { email: 'root@pbx.example', password: 'correct horse battery' };

inBrowser('user sync in the portal, without script', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  let tenantId: string;
  const refused: string[] = [];

  const open = (path: string) => page.goto(`${product.url}/tenants/${tenantId}${path}`);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();

  beforeAll(async () => {
    product = await startProduct({ seed: { companies: [{ domain: 'acme.example', people: 40, suspended: 2 }] } });
    tenantId = await product.connectedTenant();
    browser = await launchChromium(chromium ?? '');
    page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
    page.setDefaultTimeout(8_000);
    page.on('response', (response) => {
      if (response.status() >= 500) refused.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(`${product.url}/`);
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await press('Sign in');
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await product?.close();
    expect(refused).toEqual([]);
  });

  test('a user is added by hand, edited, disabled, enabled and deleted', async () => {
    await open('/users');
    await page.getByRole('link', { name: 'Add user' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Front door');
    await page.getByLabel('Extension number').fill('555');
    await press('Add user');
    await page.getByText('555 belongs to the PBX itself').waitFor();
    await page.getByLabel('Extension number').fill('4000');
    await page.getByLabel('Phones').fill('+49 30 1234\nmobile: +49 170 1');
    await press('Add user');
    await page.getByText('The user can be called now.').waitFor();
    expect(await page.getByLabel('Phones').inputValue()).toBe('work: +49 30 1234\nmobile: +49 170 1');

    await page.getByLabel('Department').fill('Facilities');
    await press('Save changes');
    await page.getByText('The changes are saved.').waitFor();
    await press('Disable this user');
    await page.getByText('Disabled by hand').waitFor();
    await press('Enable this user');
    await page.getByText('The user is enabled.').waitFor();

    await page.getByRole('link', { name: 'Delete this user' }).click();
    await press('Delete user');
    await page.getByText('The user is deleted, and the number is free.').waitFor();
  }, 20_000);

  test('a number is taken for a queue, refused when taken, and freed', async () => {
    const add = async (number: string) => {
      await open('/numbers/new');
      await page.getByLabel('Number').fill(number);
      await page.getByLabel('It belongs to a').selectOption('queue');
      await page.getByLabel('Called').fill('Support');
      await press('Add number');
    };
    await add('2000');
    await page.locator('tr', { hasText: '2000' }).filter({ hasText: 'Support' }).waitFor();
    await add('2000');
    await page.getByText('2000 is in use already. Choose another number').waitFor();
    await open('/numbers');
    await page.getByRole('link', { name: 'Remove number 2000' }).click();
    await press('Free this number');
    await page.getByText('The number is free.').waitFor();
  }, 20_000);

  test('settings that cannot be are told beside their fields, all at once, and nothing is lost', async () => {
    await open('/google-workspace/user-sync');
    await page.getByRole('link', { name: 'Change settings' }).click();
    const unfold = (title: string) => page.locator('summary', { hasText: title }).click();
    await unfold('Extension numbers');
    await page.getByLabel('First number').fill('12');
    await unfold('When somebody leaves');
    await page.getByLabel('Suspended in Google: what happens').selectOption('delete');
    await unfold('Brakes');
    await page.getByLabel('At most, whatever the share').fill('many');
    await press('Save settings');
    await page.getByText('Nothing was saved yet.').waitFor();
    for (const error of ['Use 3 to 13 digits', 'Say after how many days', 'Give a number.']) {
      expect(await page.getByText(error).first().isVisible()).toBe(true);
    }
    await page.getByLabel('First number').fill('5000');
    await page.getByLabel('Suspended in Google: days until').fill('30');
    await page.getByLabel('At most, whatever the share').fill('40');
    await press('Save settings');
    await page.getByRole('heading', { name: 'Look at a preview before the next sync' }).waitFor();
    await page.getByText('From 5000 on').waitFor();
    await page.getByText(/Suspended: deleted after 30 days/).waitFor();
  }, 20_000);

  test('a preview after such a change is applied exactly, and the history shows it as a chart and a table', async () => {
    const { administrator } = product;
    await open('/google-workspace/user-sync?done=user-sync-preview-first');
    await page.getByRole('button', { name: 'Preview' }).first().click();
    await page.waitForURL(/\/runs\//);
    const runId = page.url().split('/').at(-1) ?? '';
    await administrator.untilRun(tenantId, runId, 'the preview', (run) => run.finishedAt !== null);
    await page.reload();
    await page.getByText('38 new').first().waitFor();
    await press('Apply exactly this preview');
    const applied = page.url().split('/').at(-1) ?? '';
    await administrator.untilRun(tenantId, applied, 'the sync', (run) => run.finishedAt !== null);
    const next = await administrator.startRun(tenantId);
    await administrator.untilRun(tenantId, next, 'the next sync', (run) => run.finishedAt !== null);

    await open('/google-workspace/user-sync');
    const bars = page.locator('.chart svg a');
    expect(await bars.count()).toBe(2);
    expect(await bars.first().getAttribute('aria-label')).toMatch(/38 new/);
    await page.locator('summary', { hasText: 'The same as a table' }).click();
    await page.locator('.chart td', { hasText: '38' }).waitFor();
    expect((await administrator.readUsers(tenantId))[0]?.extensionNumber).toBe('5000');
  }, 30_000);

  test('one person is explained: the number, the next sync, the history; an unknown one is told plainly', async () => {
    const [person] = await product.administrator.readUsers(tenantId);
    await open('/google-workspace/user-sync');
    await page.getByLabel('E-mail address or extension number').fill(person?.email ?? '');
    await press('Explain');
    await page.getByText(`Is synchronized, with extension ${person?.extensionNumber}.`).waitFor();
    await page.getByText('It was the first free number of the range').waitFor();
    await page.getByText('The next sync changes nothing').waitFor();
    await page.locator('.timeline').getByText('New extension').waitFor();
    await page.getByLabel('E-mail address, extension number or Google id').fill('nobody@acme.example');
    await press('Explain');
    await page.getByText('Nobody is known by that').waitFor();
  }, 20_000);

  test('with script, a search in Google adds a line to a list, and nothing offends the content security policy', async () => {
    const context = await browser.newContext({ storageState: await page.context().storageState() });
    const scripted = await context.newPage();
    scripted.setDefaultTimeout(8_000);
    const offences: string[] = [];
    scripted.on('console', (message) => {
      if (message.type() === 'error') offences.push(message.text());
    });
    scripted.on('pageerror', (error) => offences.push(error.message));
    const [person] = await product.administrator.readUsers(tenantId);
    const email = person?.email ?? '';
    await scripted.goto(`${product.url}/tenants/${tenantId}/google-workspace/user-sync/settings`);
    await scripted.locator('summary', { hasText: 'Who is synchronized' }).click();
    await scripted.getByLabel('Find a user in Google').fill(email);
    await scripted.getByRole('button', { name: email }).click();
    expect(await scripted.getByRole('textbox', { name: 'These users' }).inputValue()).toBe(email);
    await scripted.goto(`${product.url}/tenants/${tenantId}/google-workspace/user-sync`);
    await scripted.getByRole('button', { name: 'Sync now' }).click();
    await scripted.getByRole('heading', { name: 'Last sync' }).waitFor();
    expect(offences).toEqual([]);
    await context.close();
  }, 30_000);
});
