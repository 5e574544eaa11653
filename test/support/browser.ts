import { type Browser, chromium } from 'playwright-core';

/** A headless browser; the switches keep it from looking for Google's hosts by itself. */
export const launchChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  });
