import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { answered, ask, axeFindings } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

const rich = `Yes. Here is how:

1. Create a **topic**
2. Produce to \`chat-requests\`

\`\`\`ts
export const hello = (name: string): string => \`Hello, \${name}!\`;
\`\`\`

| Part | Does |
|------|------|
| Kafka | keeps the log |
| Lambda | runs the code |

> Waiting costs nothing.
`;

/** True when something is wider than the window, so that the page scrolls sideways. */
const overflows = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

describe('the page for everyone', () => {
  const fixture = usePage();

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`reads well in ${colorScheme}`, async () => {
      fixture.model.reply = () => ({ kind: 'text', text: rich });
      const page = await fixture.visit('/', { colorScheme });
      await ask(page, 'How do I begin?');
      await answered(page, 'Waiting costs nothing');
      await page.locator('.answer table').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      const [red = 0] = await page.evaluate(() =>
        (getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []).map(Number),
      );
      if (colorScheme === 'dark') expect(red).toBeLessThan(60);
      else expect(red).toBeGreaterThan(200);

      await page.getByRole('button', { name: 'How this answer travelled' }).click();
      await page.getByRole('dialog').getByRole('row').nth(12).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      fixture.model.reply = () => ({ kind: 'status', status: 400 });
      await ask(page, 'Can you?');
      await page.locator('.failure').waitFor();
      await page.context().setOffline(true);
      await page.getByText('Offline', { exact: true }).waitFor();
      await ask(page, 'And now?');
      await page.getByText('Waits for a connection').waitFor();
      await page
        .locator('header')
        .getByRole('button', { name: /^Options for/ })
        .click();
      expect(await axeFindings(page)).toEqual([]);
    });
  }

  it('fits a phone, with the chats behind a button', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: `${rich}\n\n${'x'.repeat(200)}` });
    const page = await fixture.visit('/', {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
    });
    const box = page.getByRole('textbox', { name: 'Message' });
    await box.fill('How do I begin?');
    await page.getByRole('button', { name: 'Send' }).tap();
    await answered(page, 'Waiting costs nothing');
    expect(await overflows(page)).toBe(false);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show chats' }).tap();
    await page.getByRole('navigation', { name: 'Chats' }).getByRole('link').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Hide chats' }).tap();
    await expect.poll(() => page.getByRole('navigation', { name: 'Chats' }).isVisible()).toBe(false);
    const { height } = (await box.boundingBox()) ?? { height: 0 };
    expect(height).toBeGreaterThan(20);
  });

  it('is used with the keyboard alone', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: rich });
    const page = await fixture.visit();
    await page.locator('#message:focus').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('/');
    await page.keyboard.type('How do I begin?');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('In short.');
    await page.keyboard.press('Enter');
    await answered(page, 'Waiting costs nothing');
    expect(await page.locator('.bubble').innerText()).toBe('How do I begin?\nIn short.');

    const seen = new Set<string>();
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab');
      seen.add((await focused(page)) ?? '');
    }
    for (const name of ['Copy', 'Edit', 'Copy code', 'Ask again', 'How this answer travelled', 'New chat', 'Message']) {
      expect(seen).toContain(name);
    }

    await page
      .locator('header')
      .getByRole('button', { name: /^Options for/ })
      .focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Export as Markdown');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toMatch(/^Options for/);
  });

  it('begins with a way past the chats, and shows where the focus is', async () => {
    const page = await fixture.visit();
    await page.locator('#message:focus').waitFor();
    await page.getByRole('button', { name: 'New chat', exact: true }).focus();
    await page.keyboard.press('Shift+Tab');
    const skip = page.getByRole('link', { name: 'Skip to the message box' });
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await skip.evaluate((link) => getComputedStyle(link).outlineStyle !== 'none')).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('message');
  });

  it('keeps still for who asked for less motion', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: rich, delayMs: 1_000 });
    const page = await fixture.visit('/', { reducedMotion: 'reduce' });
    await ask(page, 'How do I begin?');
    await page.getByText('Thinking…').waitFor();
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .map(({ effect }) => Number(effect?.getComputedTiming().duration))
        .filter((ms) => ms > 10),
    );
    expect(moving).toEqual([]);
    await answered(page, 'Waiting costs nothing');
  });
});
