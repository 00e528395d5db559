import fc from 'fast-check';
import type { Token } from 'marked';
import { describe, expect, test } from 'vitest';
import { blocksOf, noBlocks, shownBlocks } from '../../../frontend/src/markdown/blocks.ts';
import { hostileAnswers } from '../../support/hostile-answers.ts';

const rich = `Intro with **bold**, _italic_ and \`code\`.

# Heading

1. one
2. two
   - nested

   still two

\`\`\`ts
const a = '**not bold**';

const b = 2;
\`\`\`

| a | b |
|---|---|
| 1 | 2 |

> quote
goes on

Setext
======

- [x] done

Last [link](https://a.example/x) and ~~gone~~.
`;

const shape = (tokens: readonly Token[]) =>
  tokens.filter(({ type }) => type !== 'space').map(({ type, raw }) => [type, raw.trimEnd()]);

/** Blocks of a text that came in pieces, cut at these places. */
function streamed(text: string, cuts: readonly number[]) {
  const ends = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
  return ends.reduce((before, end) => blocksOf(text.slice(0, end), before, false), noBlocks);
}

describe('the blocks of an answer that is being written', () => {
  test('are, at its end, those of the whole text, however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(rich.length), { maxLength: 30 }), (cuts) => {
        const before = streamed(rich, [...cuts, rich.length]);
        expect(shape([...before.frozen, ...before.tail])).toEqual(shape(blocksOf(rich, noBlocks, true).frozen));
      }),
    );
  });

  test('that are finished are the same objects from then on, so that nothing is drawn again', () => {
    const half = streamed(rich, [200]);
    const whole = blocksOf(rich, half, false);
    expect(half.frozen.length).toBeGreaterThan(0);
    expect(whole.frozen.slice(0, half.frozen.length).every((token, index) => token === half.frozen[index])).toBe(true);
  });

  test('read as what their open marks begin', () => {
    const kinds = (text: string) => {
      const [first] = shownBlocks(blocksOf(text, noBlocks, false));
      return first && 'tokens' in first ? first.tokens?.map(({ type }) => type) : [];
    };
    expect(kinds('so **bo')).toEqual(['text', 'strong']);
    expect(kinds('so `co')).toEqual(['text', 'codespan']);
    expect(kinds('see [the do')).toEqual(['text']);
    expect(kinds('see [the docs](https://a.exam')).toEqual(['text']);
  });

  test('take a bounded time, whatever the text is made of', () => {
    const slow = hostileAnswers.flatMap(([name, text]) => {
      const started = process.cpuUsage();
      shownBlocks(blocksOf(text, noBlocks, false));
      blocksOf(text, noBlocks, true);
      const ms = process.cpuUsage(started).user / 1_000;
      return ms > 2_000 ? [`${name}: ${ms} ms`] : [];
    });
    expect(slow).toEqual([]);
  });
});
