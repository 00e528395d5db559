import { describe, expect, it } from 'vitest';
import { answered, ask, axeFindings, exchanges, transcript } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index + 1}`).join(' ');

describe('an answer on the page', () => {
  const fixture = usePage();

  it('grows as it is written, stays in sight, and is announced once at its end', async () => {
    const { promise: hold, resolve: goOn } = Promise.withResolvers<void>();
    fixture.model.reply = () => ({ kind: 'text', text: words(300).replaceAll('0 ', '0\n\n'), wordMs: 5, hold });
    const page = await fixture.visit();
    await page.evaluate(() => {
      const told: string[] = [];
      Object.assign(globalThis, { told });
      const live = document.querySelector('[aria-live="polite"]');
      if (!live) throw new Error('no live region');
      new MutationObserver(() => told.push(live.textContent)).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    await ask(page, 'count');
    const running = page.locator('.answer.running.writing');
    await running.getByText('word9').first().waitFor();
    expect(await page.getByRole('log').getAttribute('aria-busy')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);
    goOn();
    await answered(page, 'word300');
    const gap = await page.locator('.scroller').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    expect(gap).toBeLessThan(2);
    const told = await page.evaluate(() => (globalThis as unknown as { told: string[] }).told.filter(Boolean));
    expect(told.filter((text) => text.startsWith('Answer:'))).toHaveLength(1);
    expect(told.length).toBeLessThan(3);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('message');
  });

  it('shows all that was written when the model then falls silent, on a slow machine too', async () => {
    const { promise: hold, resolve: goOn } = Promise.withResolvers<void>();
    fixture.model.reply = () => ({ kind: 'text', text: words(20), wordMs: 25, hold });
    const page = await fixture.visit();
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: 8 });
    await ask(page, 'count');
    await page.locator('.answer.running').getByText('word10').waitFor();
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    goOn();
    await answered(page, 'word20');
  });

  it('leaves a reader where he scrolled to, and takes him back on request', async () => {
    const { promise: hold, resolve: goOn } = Promise.withResolvers<void>();
    fixture.model.reply = () => ({ kind: 'text', text: words(400).replaceAll('0 ', '0\n\n'), wordMs: 5, hold });
    const page = await fixture.visit();
    await ask(page, 'count');
    await page.locator('.answer.running').getByText('word200').waitFor();
    const scroller = page.locator('.scroller');
    await scroller.evaluate((box) => {
      box.scrollTop = 0;
    });
    await page.getByRole('button', { name: 'Go to the latest message' }).waitFor();
    goOn();
    await answered(page, 'word400');
    expect(await scroller.evaluate((box) => box.scrollTop)).toBe(0);
    await page.getByRole('button', { name: 'Go to the latest message' }).click();
    const gap = await scroller.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    expect(gap).toBeLessThan(2);
  });

  it('stays the same element to its end: nothing moves, what is selected or focused stays so', async () => {
    const { promise: hold, resolve: goOn } = Promise.withResolvers<void>();
    const lines = words(40).replaceAll(' ', '\n');
    fixture.model.reply = () => ({
      kind: 'text',
      text: `Like so:\n\n\`\`\`sh\n${lines}\n\`\`\`\n\nDone.`,
      wordMs: 20,
      hold,
    });
    const page = await fixture.visit();
    await ask(page, 'code');
    const running = page.locator('.answer.running');
    await running.getByText('word3').waitFor();
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts, first: document.querySelector('.answer p') });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
      }).observe({ type: 'layout-shift' });
      getSelection()?.selectAllChildren(document.querySelector('.answer p') ?? document.body);
    });
    await running.getByRole('button', { name: 'Copy code' }).focus();
    goOn();
    await answered(page, 'Done.');
    const left = await page.evaluate(() => {
      const { shifts, first } = globalThis as unknown as { shifts: number[]; first: Element };
      return {
        same: first.isConnected,
        selected: getSelection()?.toString().trim(),
        focused: document.activeElement?.getAttribute('aria-label'),
        shifted: shifts.reduce((sum, shift) => sum + shift, 0),
      };
    });
    expect(left).toEqual({ same: true, selected: 'Like so:', focused: 'Copy code', shifted: expect.closeTo(0, 2) });
  });

  it('is stopped by the button: what was written stays, and the next question works', async () => {
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: `${question}: ${words(400)}`, wordMs: 25 });
    const page = await fixture.visit();
    await ask(page, 'endless');
    await page.locator('.answer.running').getByText('word3').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const stopped = page.locator('.answer').filter({ has: page.locator('.stopped') });
    await stopped.waitFor();
    expect(await stopped.innerText()).toContain('word1');
    expect(await stopped.innerText()).not.toContain('word400');
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: `done: ${question}` });
    await ask(page, 'short');
    await answered(page, 'done: short');
  });

  it('is stopped by Escape', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: words(400), wordMs: 25 });
    const page = await fixture.visit();
    await ask(page, 'endless');
    await page.locator('.answer.running').getByText('word2').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.stopped').waitFor();
  });

  it('can be asked for again; the earlier one stays within reach', async () => {
    let version = 0;
    fixture.model.reply = () => {
      version += 1;
      return { kind: 'text', text: `version ${version}` };
    };
    const page = await fixture.visit();
    await ask(page, 'again and again');
    await answered(page, 'version 1');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await answered(page, 'version 2');
    expect(await exchanges(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Earlier answer' }).click();
    await answered(page, 'version 1');
    await page.reload();
    await answered(page, 'version 2');
    await page.getByRole('button', { name: 'Earlier answer' }).click();
    await answered(page, 'version 1');
  });

  it('is replaced when its question is edited; the earlier wording stays within reach', async () => {
    fixture.model.reply = ({ messages }) => ({
      kind: 'text',
      text: messages.map(({ content }) => content).join(' | '),
    });
    const page = await fixture.visit();
    await ask(page, 'apples');
    await answered(page, 'apples');
    await ask(page, 'pears');
    await answered(page, /apples.*pears/);
    await page.getByRole('button', { name: 'Edit' }).first().click();
    const box = page.getByRole('textbox', { name: 'Edit your question' });
    expect(await box.inputValue()).toBe('apples');
    await box.fill('plums');
    await box.press('Enter');
    await answered(page, 'plums');
    const shown = await transcript(page);
    expect(shown[0]).toBe('plums');
    expect(shown).toHaveLength(2);
    expect(shown[1]).not.toMatch(/apples|pears/);
    await page.getByRole('button', { name: 'Earlier wording' }).click();
    await answered(page, /apples.*pears/);
    expect(await exchanges(page).count()).toBe(2);
  });

  it('says why it failed, and comes when it is tried again', async () => {
    fixture.model.reply = () => ({ kind: 'status', status: 500 });
    const page = await fixture.visit();
    await ask(page, 'can you?');
    await page.getByText('The model could not be reached.').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: `yes: ${question}` });
    await page.getByRole('button', { name: 'Retry' }).click();
    await answered(page, 'yes: can you?');
    expect(await exchanges(page).count()).toBe(1);
  });

  it('goes on after a reload in the middle of it', async () => {
    const { promise: hold, resolve: goOn } = Promise.withResolvers<void>();
    fixture.model.reply = () => ({ kind: 'text', text: words(120), wordMs: 5, hold });
    const page = await fixture.visit();
    await ask(page, 'count');
    await page.locator('.answer.running').getByText('word5').waitFor();
    await page.waitForURL(/\/s\//);
    await page.reload();
    await page.locator('.answer.running').getByText('word1 word2').waitFor();
    goOn();
    await answered(page, 'word120');
    expect(await transcript(page)).toEqual(['count', words(120)]);
  });

  it('shows the same at the same time in a second tab, and nothing in another chat', async () => {
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: `${question} ${words(60)}`, wordMs: 20 });
    const page = await fixture.visit();
    await ask(page, 'one');
    await answered(page, 'one word1');
    const second = await page.context().newPage();
    await second.goto(page.url());
    await answered(second, 'one word1');
    const other = await page.context().newPage();
    await other.goto('/');
    await other.getByRole('button', { name: 'New chat', exact: true }).click();

    await ask(second, 'two');
    await page.locator('.bubble').getByText('two').waitFor();
    await page.locator('.answer.running').getByText('two word1').waitFor();
    await ask(other, 'aside');
    await Promise.all([
      answered(page, /two.*word60/),
      answered(second, /two.*word60/),
      answered(other, /aside.*word60/),
    ]);
    expect(await transcript(page)).toEqual(await transcript(second));
    expect(await transcript(page)).toHaveLength(4);
    expect(await transcript(other)).toEqual(['aside', `aside ${words(60)}`]);
  });
});
