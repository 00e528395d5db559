import { describe, expect, it } from 'vitest';
import { withinBudget } from '../../../lambdas/shared/domain/context.ts';
import type { Exchange } from '../../../lambdas/shared/domain/memory.ts';

const exchange = (seq: number, length: number): Exchange => ({
  seq,
  request_seq: seq,
  message_id: `m${seq}`,
  call_id: `c${seq}`,
  question: 'q'.repeat(length),
  answer: 'a'.repeat(length),
  status: 'complete',
});

describe('what the model is told of the past', () => {
  it('is everything that fits, oldest first', () => {
    const all = [exchange(1, 40), exchange(3, 40), exchange(5, 40)];
    expect(withinBudget(all, 60)).toEqual(all);
  });

  it('loses its oldest exchanges first, and whole ones only', () => {
    const all = [exchange(1, 40), exchange(3, 40), exchange(5, 40)];
    expect(withinBudget(all, 59).map(({ seq }) => seq)).toEqual([3, 5]);
  });

  it('ends at an exchange that does not fit: nothing older stands without it', () => {
    const all = [exchange(1, 4), exchange(3, 4_000), exchange(5, 4)];
    expect(withinBudget(all, 100).map(({ seq }) => seq)).toEqual([5]);
  });
});
