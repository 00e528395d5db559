import { describe, expect, it } from 'vitest';
import { titleFrom } from '../../../lambdas/shared/domain/title.ts';

describe('a title from a question', () => {
  it.each([
    ['What is Kafka?', 'What is Kafka?'],
    ['What is Kafka? And what is it not?', 'What is Kafka?'],
    ['  # Heading\nmore', 'Heading'],
    ['Explain v1.2 of this', 'Explain v1.2 of this'],
    ['', ''],
    [`${'word '.repeat(30)}`, 'word word word word word word word word word word word word…'],
    ['x'.repeat(100), `${'x'.repeat(60)}…`],
  ])('of %j is %j', (question, title) => {
    expect(titleFrom(question)).toBe(title);
  });

  it('never cuts a character in two', () => {
    expect(titleFrom('\u{1F600}'.repeat(80))).toBe(`${'\u{1F600}'.repeat(60)}…`);
  });
});
