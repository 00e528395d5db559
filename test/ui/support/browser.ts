import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/real-parts/chromium.ts';

/** A Chromium without a window. Throws with what to do when there is none on this machine. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) {
    throw new Error('There is no Chromium here: install one (apt-get install chromium) or set CHROMIUM_PATH.');
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A page, and what it did that a page must never do. */
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
  const context = await browser.newContext({ baseURL: url, ...options });
  const offences: string[] = [];
  context.on('page', (opened) => watch(opened, new URL(url).host, offences));
  const page = await context.newPage();
  await page.goto(path);
  return { context, page, offences };
}

function watch(page: Page, host: string, offences: string[]): void {
  page.on('pageerror', (error) => offences.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // Lost connections and refusals are part of the tests, and Chromium reports each as an error.
    const expected = /net::ERR_|WebSocket connection|the server responded with a status of/.test(text);
    if (message.type() === 'error' && !expected) offences.push(`console: ${text}`);
  });
  page.on('dialog', (dialog) => {
    offences.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (/^(https?|wss?):$/.test(target.protocol) && target.host !== host) offences.push(`request: ${request.url()}`);
  });
}

/** What axe finds on the page as it is now, one line each; colours are looked at when nothing fades in or out. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ effect, playState }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Types a question into the message box and sends it with Enter. */
export async function ask(page: Page, question: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Message' });
  await box.fill(question);
  await box.press('Enter');
}

/** The exchanges of the conversation, a question and its answer each. */
export function exchanges(page: Page): Locator {
  return page.getByRole('log').getByRole('article');
}

/** Waits until that text stands in an answer. */
export async function answered(page: Page, text: string | RegExp): Promise<void> {
  await page.locator('.answer:not(.running)').filter({ hasText: text }).last().waitFor();
}

/** Questions and finished answers as the page shows them, in order. */
export async function transcript(page: Page): Promise<string[]> {
  return page.locator('.bubble, .answer:not(.running) > div:first-of-type').allInnerTexts();
}
