import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ask, exchanges } from '../support/browser.ts';
import { hostileAnswers } from '../support/hostile-answers.ts';
import { usePage } from '../support/page-fixture.ts';

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

/** Elements and attributes of the shown answer that are on no list, and links that lead where none may. */
async function strangers(page: Page): Promise<string[]> {
  const found = await exchanges(page)
    .last()
    .locator('.answer > div:first-of-type')
    .evaluate((root) =>
      [...root.querySelectorAll('*')].map((element) => ({
        name: element.localName,
        attributes: element.getAttributeNames(),
        href: element.getAttribute('href') ?? '',
        buttonText: element.localName === 'button' ? (element.getAttribute('aria-label') ?? '') : '',
      })),
    );
  return found.flatMap(({ name, attributes: names, href, buttonText }) => [
    ...(allowed.has(name) ? [] : [`<${name}>`]),
    ...names.filter((attribute) => !attributes.has(attribute)).map((attribute) => `${name} ${attribute}=`),
    ...(href === '' || /^(https?|mailto):/.test(href) ? [] : [`href ${href}`]),
    ...(name !== 'button' || /^(Copy code|Copied)$/.test(buttonText) ? [] : [`button ${buttonText}`]),
  ]);
}

/** Milliseconds until the page has drawn once more. */
async function nextFrame(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const started = performance.now();
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - started;
  });
}

describe('an answer that attacks the page', () => {
  const fixture = usePage();

  it(`runs nothing, loads nothing, and looks like nothing but text: ${hostileAnswers.length} of them`, {
    timeout: 120_000,
  }, async () => {
    const texts = new Map(hostileAnswers.map(([name, text]) => [name, text]));
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: texts.get(question) ?? '' });
    const page = await fixture.visit();
    const leftThePage: string[] = [];
    page.on('framenavigated', (frame) => {
      if (!frame.url().startsWith(fixture.product.url)) leftThePage.push(frame.url());
    });
    const wrong: Record<string, string[]> = {};
    let shown = 0;
    for (const [name] of hostileAnswers) {
      // A chat of its own for every twenty, so that each is drawn in a page of usual size.
      if (shown % 20 === 0) await page.getByRole('button', { name: 'New chat' }).click();
      await ask(page, name);
      await exchanges(page)
        .nth(shown % 20)
        .locator('.answer:not(.running)')
        .waitFor();
      shown += 1;
      const found = await strangers(page);
      const frameMs = await nextFrame(page);
      if (frameMs > 1_000) found.push(`the next frame after ${frameMs} ms`);
      if (found.length > 0) wrong[name] = [...new Set(found)];
    }
    expect(wrong).toEqual({});
    expect(leftThePage).toEqual([]);
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(await page.evaluate(() => document.querySelectorAll('iframe, script:not([src]), style').length)).toBe(0);
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
