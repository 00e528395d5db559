import { describe, expect, it } from 'vitest';
import { portable } from '../../../lambdas/shared/domain/result.ts';

describe('a result on its way to the supervisor', () => {
  it('leaves a long text in memory, and says where', () => {
    const long = 'é'.repeat(500_000);
    const call = { question_seq: 7 };
    expect(portable({ status: 'complete', text: 'short' }, call)).toEqual({ status: 'complete', text: 'short' });
    expect(portable({ status: 'complete', text: long }, call)).toEqual({ status: 'complete', text: '', exchange: 7 });
    expect(portable({ status: 'cancelled', partial: long }, call)).toEqual({
      ...{ status: 'cancelled', partial: '', exchange: 7 },
    });
  });

  it('fits its session’s item when it failed, whatever had been written', () => {
    const failed = { status: 'failed', code: 'model_unavailable', reason: 'The answer broke off.' } as const;
    expect(portable(failed, { question_seq: 7 })).toEqual(failed);
    const kept = JSON.stringify(portable({ ...failed, partial: 'é'.repeat(500_000) }, { question_seq: 7 }));
    expect(Buffer.byteLength(kept)).toBeLessThan(10_000);
  });
});
