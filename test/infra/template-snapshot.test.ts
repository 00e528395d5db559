import { expect, test } from 'vitest';
import { templatesOf } from './support.ts';

/**
 * One line for each property of each resource, so that a change shows as the lines it changes. Hashes of asset contents
 * are left out: they change with every line of a function.
 */
function lines(template: unknown): string[] {
  const { Resources } = template as { Resources: Record<string, Record<string, unknown>> };
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {}, Metadata: _metadata, ...attributes }]) => [
    `${id} ${Type}`,
    ...Object.entries({ ...attributes, ...(Properties as object) }).map(
      ([key, value]) => `  ${key}: ${JSON.stringify(value)}`,
    ),
  ]);
}

const withoutHashes = (text: string): string => text.replace(/\b[0-9a-f]{64}\b/g, '<asset>');

test.each(['network', 'data', 'service'] as const)(
  'the template of dev, stack %s, is the one that was reviewed',
  async (stack) => {
    const text = lines(templatesOf({ stage: 'dev' })[stack].toJSON()).join('\n');
    await expect(`${withoutHashes(text)}\n`).toMatchFileSnapshot(`snapshots/dev-${stack}.txt`);
  },
);
