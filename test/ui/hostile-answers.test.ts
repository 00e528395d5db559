import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hostileAnswers } from '../support/hostile-answers.ts';
import { ask, exchanges } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

/** The only elements an answer may consist of, with the page's own buttons for code around it. */
const allowed = new Set(
  'a blockquote br code del div em h3 h4 h5 h6 hr li ol p pre section span strong table tbody td th thead tr ul button svg path figure figcaption'.split(
    ' ',
  ),
);
const attributes = new Set(
  'href title target rel class dir role aria-label aria-hidden tabindex scope start type data-language viewBox d fill stroke width height focusable'.split(
    ' ',
  ),
);

/** Elements and attributes of an answer that are on no list, and links that lead where none may. */
async function strangers(answer: Locator): Promise<string[]> {
  const found = await answer.evaluate((root) =>
    [...root.querySelectorAll('*')].map((element) => ({
      name: element.localName,
      attributes: element.getAttributeNames(),
      href: element.getAttribute('href') ?? '',
      buttonText: element.localName === 'button' ? (element.getAttribute('aria-label') ?? '') : '',
    })),
  );
  const wrong = found.flatMap(({ name, attributes: names, href, buttonText }) => [
    ...(allowed.has(name) ? [] : [`<${name}>`]),
    ...names.filter((attribute) => !attributes.has(attribute)).map((attribute) => `${name} ${attribute}=`),
    ...(href === '' || /^(https?|mailto):/.test(href) ? [] : [`href ${href}`]),
    ...(name !== 'button' || /^(Copy code|Copied)$/.test(buttonText) ? [] : [`button ${buttonText}`]),
  ]);
  return [...new Set(wrong)];
}

/** Notes the longest time in which the page drew nothing. @returns reads it, in milliseconds */
async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const frames = { last: performance.now(), longest: 0 };
    Object.assign(globalThis, { frames });
    const drawn = (now: number) => {
      frames.longest = Math.max(frames.longest, now - frames.last);
      frames.last = now;
      requestAnimationFrame(drawn);
    };
    requestAnimationFrame(drawn);
  });
  return () => page.evaluate(() => (globalThis as unknown as { frames: { longest: number } }).frames.longest);
}

/** Takes it into sight, where it is laid out and drawn. */
async function draw(exchange: Locator): Promise<void> {
  await exchange.evaluate(async (element) => {
    element.scrollIntoView();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
}

/** Questions asked in one chat, so that each answer is drawn in a page of usual size. */
const perChat = 20;

/** Longest the page may stand still, on a machine with much else to do: what attacks reach is many seconds. */
const standstillMs = 4_000;

describe('an answer that attacks the page', () => {
  const fixture = usePage();

  it(`runs nothing, loads nothing, and looks like nothing but text: ${hostileAnswers.length} of them`, {
    timeout: 180_000,
  }, async () => {
    const texts = new Map(hostileAnswers.map(([name, text]) => [name, text]));
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: texts.get(question) ?? '' });
    const page = await fixture.visit();
    const leftThePage: string[] = [];
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(fixture.product.url)) leftThePage.push(frame.url());
    });
    const longestFrame = await watchFrames(page);
    const wrong: Record<string, string[]> = {};
    for (let from = 0; from < hostileAnswers.length; from += perChat) {
      const part = hostileAnswers.slice(from, from + perChat);
      await page.getByRole('button', { name: 'New chat', exact: true }).click();
      for (const [name] of part) await ask(page, name);
      for (const [index, [name]] of part.entries()) {
        const exchange = exchanges(page).nth(index);
        await exchange.locator('.answer:not(.running)').waitFor({ state: 'attached', timeout: 60_000 });
        expect(await exchange.locator('.bubble').textContent()).toBe(name.trim());
        await draw(exchange);
        const found = await strangers(exchange.locator('.answer > div:first-of-type'));
        if (found.length > 0) wrong[name] = found;
      }
    }
    expect(wrong).toEqual({});
    expect(leftThePage).toEqual([]);
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(await page.evaluate(() => document.querySelectorAll('iframe, script:not([src]), style').length)).toBe(0);
    expect(await longestFrame()).toBeLessThan(standstillMs);
  });

  it('opens its links in a page of their own that knows nothing of this one', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: '[docs](https://example.com/docs)' });
    const page = await fixture.visit();
    await ask(page, 'link');
    const link = page.getByRole('link', { name: 'docs' });
    await link.waitFor();
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await link.getAttribute('rel')).toContain('noreferrer');
  });
});
