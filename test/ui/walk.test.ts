import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answered, ask, axeFindings, exchanges, transcript } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

describe('the page', () => {
  const fixture = usePage();

  it('answers a question, and has it all after a reload', async () => {
    const page = await fixture.visit();
    expect(await axeFindings(page)).toEqual([]);
    await ask(page, 'What is Kafka?');
    await answered(page, 'You said What is Kafka?');
    await page.waitForURL(/\/s\/[0-9a-f-]{36}$/);
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await answered(page, 'You said What is Kafka?');
    expect(await exchanges(page).count()).toBe(1);
  });

  it('asks with a starter, and names the chat by its first question', async () => {
    const page = await fixture.visit();
    await page.getByRole('button', { name: /What is Kafka, and when/ }).click();
    await answered(page, 'You said What is Kafka, and when is it the wrong tool?');
    await page.getByRole('heading', { level: 1, name: /What is Kafka/ }).waitFor();
    await page
      .getByRole('navigation', { name: 'Chats' })
      .getByRole('link', { name: /What is Kafka/ })
      .waitFor();
  });

  it('opens the last chat again, and any chat by its address', async () => {
    const page = await fixture.visit();
    await ask(page, 'first chat');
    await answered(page, 'first chat');
    const first = page.url();
    await page.getByRole('button', { name: 'New chat', exact: true }).click();
    await ask(page, 'second chat');
    await answered(page, 'second chat');
    const second = page.url();
    expect(second).not.toBe(first);

    const tab = await page.context().newPage();
    await tab.goto('/');
    await answered(tab, 'second chat');
    expect(tab.url()).toBe(second);
    await tab.goto(new URL(first).pathname);
    await answered(tab, 'first chat');
    await tab.goBack();
    await answered(tab, 'second chat');
    expect(await transcript(tab)).toEqual(['second chat', 'You said second chat.']);
  });

  it('says so when a chat does not exist, and leads on', async () => {
    const page = await fixture.visit(`/s/${crypto.randomUUID()}`);
    await page.getByText('This chat does not exist').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('main').getByRole('button', { name: 'New chat', exact: true }).click();
    await ask(page, 'on we go');
    await answered(page, 'on we go');
  });

  it('keeps strangers out of a chat whose address they know', async () => {
    const page = await fixture.visit();
    await ask(page, 'my secret');
    await answered(page, 'my secret');
    const stranger = await fixture.visit(new URL(page.url()).pathname);
    await stranger.getByText('This chat does not exist').waitFor();
    expect(await stranger.getByText('my secret').count()).toBe(0);
  });

  it('is small: at most 60 KiB gzipped before there is code to highlight, under a strict policy', async () => {
    const page = await fixture.visit('/');
    const files = new Set<string>();
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      if (!path.startsWith('/api/')) files.add(path);
    });
    const response = await page.reload();
    await ask(page, 'no code here');
    await answered(page, 'no code here');
    let total = 0;
    for (const path of files) total += gzipSync(await (await page.request.get(path)).body()).length;
    expect(files.size).toBeGreaterThan(3);
    expect(total).toBeLessThan(60 * 1024);

    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('*');
  });
});
