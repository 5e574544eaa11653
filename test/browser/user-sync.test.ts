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
});
