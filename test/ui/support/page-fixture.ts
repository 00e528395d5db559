import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { ModelStub } from '../../support/model-stub.ts';
import type { Product } from '../../support/product.ts';
import { startProductWithModel } from '../../support/product-with-model.ts';
import { openPage, startBrowser, type Watched } from './browser.ts';

/** What the tests of one file share: a Chromium and the running product. Each test has visitors of its own. */
export interface PageFixture {
  readonly product: Product;
  readonly model: ModelStub;
  /** Opens a page as a new visitor, with no cookie and nothing stored. */
  visit(path?: string, options?: Parameters<typeof openPage>[3]): Promise<Page>;
}

/**
 * Starts and ends it around the tests of a file. After each test no page may have met an error, a dialog, a violation
 * of its policy or a request to another origin.
 */
export function usePage(): PageFixture {
  let browser: Browser;
  let product: Product;
  let model: ModelStub;
  let dispose: (() => Promise<void>) | undefined;
  let visitors: Watched[] = [];

  beforeAll(async () => {
    const [started, chromium] = await Promise.all([startProductWithModel(), startBrowser()]);
    ({ product, model, dispose } = started);
    browser = chromium;
  });
  beforeEach(() => {
    model.reply = ({ question }) => ({ kind: 'text', text: `You said **${question}**.` });
  });
  afterEach(async () => {
    const offences = visitors.flatMap((visitor) => visitor.offences);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(offences).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await dispose?.();
  });

  return {
    get product() {
      return product;
    },
    get model() {
      return model;
    },
    async visit(path, options) {
      const visitor = await openPage(browser, product.url, path, options);
      visitors.push(visitor);
      return visitor.page;
    },
  };
}
