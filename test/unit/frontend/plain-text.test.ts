import { describe, expect, test } from 'vitest';
import { plainText } from '../../../frontend/src/state/plain-text.ts';
import { hostileAnswers } from '../../support/hostile-answers.ts';

describe('an answer read aloud', () => {
  test('is its words without marks', () => {
    const markdown =
      '## Title\n\nSome **bold** and `code`, a [link](https://a.example).\n\n- one\n- two\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\n```ts\nconst x = 1;\n```';
    expect(plainText(markdown)).toBe('Title\nSome bold and code , a link.\none\ntwo\n a b \n 1 2 \nconst x = 1;');
  });

  test('is cut where nobody would go on listening', () => {
    expect(plainText('word '.repeat(10_000)).length).toBeLessThan(11_000);
  });

  test('is there at once, whatever it is made of', () => {
    const started = process.cpuUsage();
    for (const [, text] of hostileAnswers) plainText(text);
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
  });
});
