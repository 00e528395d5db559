import { describe, expect, it } from 'vitest';
import { faultSource } from '../../../local/dynamodb/faults.ts';

describe('injected faults', () => {
  const draw = (seed: number, count: number) => {
    const next = faultSource({ seed, throttle: 0.2, loseRequest: 0.1, loseAnswer: 0.1, delay: 0.1 });
    return Array.from({ length: count }, () => next('PutItem'));
  };

  it('are the same for the same seed', () => {
    expect(draw(42, 200)).toEqual(draw(42, 200));
    expect(draw(42, 200)).not.toEqual(draw(43, 200));
  });

  it('come in the shares that were asked for', () => {
    const drawn = draw(1, 10_000);
    const share = (fault: string) => drawn.filter((one) => one === fault).length / drawn.length;
    expect(share('throttle')).toBeCloseTo(0.2, 1);
    expect(share('loseRequest')).toBeCloseTo(0.1, 1);
    expect(share('none')).toBeCloseTo(0.5, 1);
  });

  it('spare the operations that were not named', () => {
    const next = faultSource({ seed: 1, throttle: 1, operations: ['PutItem'] });
    expect([next('GetItem'), next('PutItem')]).toEqual(['none', 'throttle']);
  });
});
