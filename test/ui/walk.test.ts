import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, axeFindings, openPage, startBrowser } from '../support/browser.ts';
import { type ProductWithModel, startProductWithModel } from '../support/product-with-model.ts';

describe('the page', () => {
  let browser: Browser;
  let product: ProductWithModel;

  beforeAll(async () => {
    [browser, product] = await Promise.all([startBrowser(), startProductWithModel()]);
    product.model.reply = ({ question }) => ({ kind: 'text', text: `You said **${question}**.` });
  });
  afterAll(async () => {
    await browser?.close();
    await product?.dispose();
  });

  it('answers a question, and has it all after a reload', async () => {
    const { context, page, offences } = await openPage(browser, product.product.url);
    expect(await axeFindings(page)).toEqual([]);
    await ask(page, 'What is Kafka?');
    const answer = page.getByRole('log').locator('.answer strong');
    await answer.getByText('What is Kafka?').waitFor();
    await page.waitForURL(/\/s\/[0-9a-f-]{36}$/);
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await answer.getByText('What is Kafka?').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    expect(offences).toEqual([]);
    await context.close();
  });
});
