import { describe, expect, it } from 'vitest';
import { forgetConnections } from '../support/forget-connections.ts';
import { answered, ask, axeFindings, transcript } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

describe('the connection of the page', () => {
  const fixture = usePage();

  it('may be lost: what is asked meanwhile waits, survives a reload of the tab, and goes out once', async () => {
    const page = await fixture.visit();
    await ask(page, 'before');
    await answered(page, 'You said before.');
    await page.context().setOffline(true);
    await page.getByText('Offline', { exact: true }).waitFor();
    await ask(page, 'meanwhile');
    await page.getByText('Waits for a connection').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // A reload needs the server, as there is no service worker; a tab opened later finds what waits.
    await page.close();
    await page.context().setOffline(false);
    const back = await page.context().newPage();
    await back.goto('/');
    await answered(back, 'You said meanwhile.');
    await ask(back, 'after');
    await answered(back, 'You said after.');
    expect(await transcript(back)).toEqual(
      ['before', 'meanwhile', 'after'].flatMap((text) => [text, `You said ${text}.`]),
    );
    expect(fixture.model.calls.filter(({ question }) => question === 'meanwhile')).toHaveLength(1);
  });

  it('comes back by itself, with the answer that was written meanwhile', async () => {
    fixture.model.reply = ({ question }) => ({ kind: 'text', text: `echo ${question}`, delayMs: 1_500 });
    const page = await fixture.visit();
    await ask(page, 'slow');
    await page.getByText('Thinking…').waitFor();
    await page.context().setOffline(true);
    await page.getByText('Offline', { exact: true }).waitFor();
    await fixture.model.calls.at(-1)?.end;
    await page.context().setOffline(false);
    await answered(page, 'echo slow');
    await page.getByText('Connected').waitFor();
    expect(await transcript(page)).toEqual(['slow', 'echo slow']);
  });

  it('may be slow to make a new chat: what is typed meanwhile stays in the box, and in no other chat', async () => {
    const page = await fixture.visit();
    const held = Promise.withResolvers<void>();
    await page.route('**/api/sessions', async (route) => {
      if (route.request().method() === 'POST') await held.promise;
      await route.continue();
    });
    await ask(page, 'first');
    await ask(page, 'second');
    const box = page.getByRole('textbox', { name: 'Message' });
    await box.pressSequentially('third, half');
    held.resolve();
    await answered(page, 'You said second.');
    expect(await box.inputValue()).toBe('third, half');
    await page.getByRole('button', { name: 'New chat', exact: true }).click();
    await expect.poll(() => box.inputValue()).toBe('');
    await page.goBack();
    await answered(page, 'You said second.');
    await expect.poll(() => box.inputValue()).toBe('third, half');
    await box.press('Enter');
    await answered(page, 'You said third, half.');
    expect(await transcript(page)).toEqual(
      ['first', 'second', 'third, half'].flatMap((text) => [text, `You said ${text}.`]),
    );
  });

  it('lets a waiting question be taken back', async () => {
    const page = await fixture.visit();
    await ask(page, 'hello');
    await answered(page, 'You said hello.');
    await page.context().setOffline(true);
    await page.getByText('Offline', { exact: true }).waitFor();
    await ask(page, 'oh no');
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('oh no');
    await page.context().setOffline(false);
    await page.getByText('Connected').waitFor();
    await ask(page, 'yes');
    await answered(page, 'You said yes.');
    expect(await transcript(page)).toEqual(['hello', 'You said hello.', 'yes', 'You said yes.']);
  });

  it('is renewed when the server no longer knows it, and nothing is missed', async () => {
    const page = await fixture.visit();
    let sockets = 0;
    page.on('websocket', () => {
      sockets += 1;
    });
    await ask(page, 'known');
    await answered(page, 'You said known.');
    const before = sockets;
    expect(await forgetConnections(fixture.product.runtime.dynamodb_endpoint)).toBeGreaterThan(0);
    await ask(page, 'forgotten');
    await answered(page, 'You said forgotten.');
    expect(sockets).toBe(before + 1);
    expect(await transcript(page)).toEqual(['known', 'forgotten'].flatMap((text) => [text, `You said ${text}.`]));
  });

  it('outlives the server: everything killed in mid-answer, and the answer comes after its restart', async () => {
    const dead = new Promise<void>(() => undefined);
    let calls = 0;
    fixture.model.reply = ({ question }) => {
      calls += 1;
      return { kind: 'text', text: `${question}: one two three four five`, ...(calls === 1 && { hold: dead }) };
    };
    const page = await fixture.visit();
    await ask(page, 'survive');
    await page.locator('.answer.running').getByText('one').waitFor();
    await fixture.product.kill9();
    await page
      .getByText(/Reconnecting/)
      .first()
      .waitFor();
    await fixture.product.restart();
    await page
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await answered(page, 'survive: one two three four five');
    expect(await transcript(page)).toEqual(['survive', 'survive: one two three four five']);
  });
});
