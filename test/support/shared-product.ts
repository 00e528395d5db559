import { test } from 'vitest';
import { echo } from './model-stub.ts';
import { type ProductWithModel, startProductWithModel } from './product-with-model.ts';
import { realParts } from './real-parts.ts';

/**
 * A product for all files that leave it as they found it: each has sessions of its own. One per worker of vitest, because
 * a start costs two seconds of a core. The model echoes until a test tells it otherwise; its calls are those of all files.
 */
export const it = test.extend<{ $worker: { shared: Omit<ProductWithModel, 'dispose'> }; $test: { echoes: undefined } }>(
  {
    shared: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern what a fixture needs.
      async ({}, use) => {
        const { product, model, dispose } = await startProductWithModel();
        await use({ product, model });
        await dispose();
      },
      // Real parts are all products' own: two products at a time would read each other's records.
      { scope: (realParts ? 'file' : 'worker') as 'worker' },
    ],
    echoes: [
      async ({ shared }, use) => {
        shared.model.reply = echo;
        await use(undefined);
      },
      { scope: 'test', auto: true },
    ],
  },
);
