import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { type Product, startProduct } from '../support/product.ts';

const chromium = findChromium(process.env);
const inBrowser = chromium ? describe : describe.skip;

const ADMIN = { email: 'root@pbx.example', password: 'correct horse battery' };

inBrowser('an administrator with a browser', () => {
  let product: Product;
  let browser: Browser;
  let page: Page;
  const refused: string[] = [];

  beforeAll(async () => {
    product = await startProduct({
      seed: { companies: [{ domain: 'acme.example', people: 262, suspended: 8, archived: 4 }] },
    });
    browser = await launchChromium(chromium ?? '');
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && page.url().startsWith(product.url)) refused.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
    });
    page.on('pageerror', (error) => refused.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  test('connects a tenant, synchronizes 250 people and sees them, in under a minute', async () => {
    const company = product.world.companies[0];
    if (!company) throw new Error('Google has no company');
    const startedAt = performance.now();

    await page.goto(`${product.url}/`);
    await page.getByLabel('E-mail').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.goto(`${product.url}/tenants/new`);
    await page.getByLabel('Name', { exact: true }).fill('Acme');
    await page.getByLabel('SIP domain').fill('acme.sip.example');
    await page.getByRole('button', { name: 'Add tenant' }).click();
    await page.getByRole('heading', { level: 1, name: 'Acme' }).waitFor();

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Google Workspace' }).click();
    expect(await page.getByText(`${product.url}/google/callback`, { exact: true }).isVisible()).toBe(true);
    await page.getByLabel('Client ID').fill(company.client.clientId);
    await page.getByLabel('Client secret').fill(company.client.clientSecret);
    await page.getByRole('button', { name: /save/i }).click();
    await page.getByRole('button', { name: 'Complete the authorization' }).click();

    await page.getByText(company.admin.email).first().click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Active', { exact: true }).first().waitFor();

    await page.getByRole('link', { name: 'User sync' }).click();
    await page.getByLabel('Manual').check();
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Apply exactly this preview' }).waitFor();
    await page.getByRole('link', { name: 'User sync' }).click();
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('heading', { name: 'Last sync' }).waitFor();
    await page.getByText('250 new, 0 updated, 0 disabled').first().waitFor();

    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByText('250 extensions, 250 of them from Google.').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(50);
    expect(await page.locator('tbody tr').first().textContent()).toContain('1000');

    expect((performance.now() - startedAt) / 1000).toBeLessThan(60);
    expect(refused).toEqual([]);
  }, 90_000);
});
