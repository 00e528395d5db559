import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { answered, ask, axeFindings } from './support/browser.ts';
import { usePage } from './support/page-fixture.ts';

const list = (page: Page) => page.getByRole('navigation', { name: 'Chats' });

/** Opens the menu of the open chat and chooses from it. */
async function choose(page: Page, entry: string): Promise<void> {
  await page
    .locator('header')
    .getByRole('button', { name: /^Options for/ })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
}

describe('the chats', () => {
  const fixture = usePage();

  it('are renamed, in every tab', async () => {
    const page = await fixture.visit();
    await ask(page, 'What is a topic?');
    await answered(page, 'What is a topic?');
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await answered(tab, 'What is a topic?');
    await choose(page, 'Rename');
    const box = page.getByRole('textbox', { name: 'Name of this chat' });
    await box.fill('All about topics');
    await box.press('Enter');
    await list(page).getByRole('link', { name: 'All about topics' }).waitFor();
    await tab.getByRole('heading', { level: 1, name: 'All about topics' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'All about topics' }).waitFor();
  });

  it('are found by a search', async () => {
    const page = await fixture.visit();
    for (const question of ['Apples and oranges', 'Rivers and lakes']) {
      await page.getByRole('button', { name: 'New chat', exact: true }).click();
      await ask(page, question);
      await answered(page, question);
    }
    await page.keyboard.press('Control+k');
    await page.keyboard.type('river');
    await list(page).getByRole('link', { name: 'Apples and oranges' }).waitFor({ state: 'detached' });
    expect(await list(page).getByRole('link').allInnerTexts()).toEqual(['Rivers and lakes']);
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No chat matches “no such thing”.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  it('are deleted, unless that is undone', async () => {
    const page = await fixture.visit();
    await ask(page, 'Keep me');
    await answered(page, 'Keep me');
    const address = page.url();
    await choose(page, 'Delete');
    await page.getByText('“Keep me” was deleted.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await list(page).getByRole('link', { name: 'Keep me' }).click();
    await answered(page, 'Keep me');

    await choose(page, 'Delete');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    const id = address.split('/').at(-1);
    await expect
      .poll(async () => (await page.request.get(`/api/sessions/${id}`)).status(), { timeout: 15_000 })
      .toBe(404);
    await page.goto(address);
    await page.getByText('This chat does not exist').waitFor();
  });

  it('tell a tab that has one open when it is deleted elsewhere', async () => {
    const page = await fixture.visit();
    await ask(page, 'Gone soon');
    await answered(page, 'Gone soon');
    const id = page.url().split('/').at(-1);
    expect((await page.request.delete(`/api/sessions/${id}`)).status()).toBe(204);
    await page.getByText('This chat was deleted').waitFor();
  });

  it('are exported as Markdown and JSON', async () => {
    const page = await fixture.visit();
    await ask(page, 'Export me');
    await answered(page, 'Export me');
    const saved = async (entry: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), choose(page, entry)]);
      return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
    };
    const markdown = await saved('Export as Markdown');
    expect(markdown.name).toBe('export-me.md');
    expect(markdown.text).toBe('# Export me\n\n## You\n\nExport me\n\n## Switchboard\n\nYou said **Export me**.\n');
    const json = await saved('Export as JSON');
    expect(json.name).toBe('export-me.json');
    expect(JSON.parse(json.text)).toMatchObject({
      title: 'Export me',
      messages: [
        { role: 'user', content: 'Export me' },
        { role: 'assistant', content: 'You said **Export me**.', status: 'complete', model: 'stub' },
      ],
    });
  });

  it('forget what the model was told, when asked to', async () => {
    fixture.model.reply = ({ messages }) => ({ kind: 'text', text: `told ${messages.length}` });
    const page = await fixture.visit();
    await ask(page, 'one');
    await answered(page, 'told 2');
    await choose(page, 'Clear model memory');
    await page.getByText('The model no longer remembers').waitFor();
    await ask(page, 'two');
    await page.getByRole('article').nth(1).getByText('told 2').waitFor();
  });

  it('show how an answer travelled', async () => {
    const page = await fixture.visit();
    await ask(page, 'hello');
    await answered(page, 'hello');
    await page.getByRole('button', { name: 'How this answer travelled' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('row').nth(12).waitFor();
    expect(await dialog.innerText()).toMatch(/supervisor[\s\S]*conversation[\s\S]*responder/);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('let an answer and its code be copied', async () => {
    fixture.model.reply = () => ({ kind: 'text', text: 'Like so:\n\n```ts\nconst one = 1;\n```\n' });
    const page = await fixture.visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
    await ask(page, 'code');
    await answered(page, 'Like so:');
    await page.getByRole('button', { name: 'Copy code' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const one = 1;');
    await page.locator('.answer > .actions').getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('```ts');
  });
});
