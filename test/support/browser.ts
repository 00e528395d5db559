import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/real-parts/chromium.ts';

/** A Chromium without a window. Throws with what to do when there is none on this machine. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error('There is no Chromium here: install one (apt-get install chromium) or set CHROMIUM_PATH.');
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** What a page must never do, collected while it is used. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and of the policy, dialogs that opened, requests to other origins. */
  readonly offences: string[];
}

/** A page of its own, like a new visitor's, opened at a path of the product. */
export async function openPage(
  browser: Browser,
  url: string,
  path = '/',
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const offences = watch(page, url);
  await page.goto(`${url}${path}`);
  return { context, page, offences };
}

/** Begins to collect what a page must never do. */
export function watch(page: Page, url: string): string[] {
  const offences: string[] = [];
  page.on('pageerror', (error) => offences.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A lost connection is part of the tests, and Chromium reports each as an error.
    if (message.type() === 'error' && !/net::ERR_|WebSocket connection/.test(text)) offences.push(`console: ${text}`);
  });
  page.on('dialog', (dialog) => {
    offences.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  const { host } = new URL(url);
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (/^(https?|wss?):$/.test(target.protocol) && target.host !== host) offences.push(`request: ${request.url()}`);
  });
  return offences;
}

/** What axe finds on the page as it is now, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Types a question into the message box and sends it with Enter. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(question);
  await page.getByRole('textbox', { name: 'Message' }).press('Enter');
}
