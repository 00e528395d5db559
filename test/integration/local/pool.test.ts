import { afterEach, describe, expect, it } from 'vitest';
import { type RunningFixture, runFixture } from '../../support/local-runtime.ts';

const eventually = { timeout: 10_000, interval: 20 };
const wait = {
  code: 'export const handler = async ({ ms = 0 }) => { await new Promise((r) => setTimeout(r, ms)); return "done"; };',
  properties: { Timeout: 20 },
};

const slowToLoad = 'await new Promise((r) => setTimeout(r, 400));';

let fixture: RunningFixture;
afterEach(() => fixture.stop());

const threads = (name?: string): number => fixture.runtime.lambda.workers(name);
const invoke = (name: string, ms = 0) => fixture.runtime.invoke(name, { ms });

describe('workers', () => {
  it('of all functions are loaded in the background, and those nobody needs are ended', async () => {
    fixture = await runFixture(
      { functions: { a: wait, b: wait } },
      { warm: true, poolLimits: { unusedMs: 300, spareIdleMs: 100 } },
    );
    await expect.poll(() => threads(), eventually).toBe(2);
    await invoke('a');
    await expect.poll(() => threads('b'), eventually).toBe(0);
    expect(threads('a')).toBe(1);
  });

  it('beyond the first of a function are ended when there is no more work for them', async () => {
    fixture = await runFixture({ functions: { a: wait } }, { poolLimits: { spareIdleMs: 100, growAfterMs: 1 } });
    const busy = Promise.all([invoke('a', 300), invoke('a', 300), invoke('a', 300)]);
    await expect.poll(() => threads('a'), eventually).toBeGreaterThan(1);
    await busy;
    await expect.poll(() => threads('a'), eventually).toBe(1);
  });

  it('make room for other functions when there are as many as there may be', async () => {
    const poolLimits = { total: 3, growAfterMs: 1, evictAfterMs: 0 };
    fixture = await runFixture({ functions: { a: wait, b: wait } }, { poolLimits });
    await Promise.all([invoke('a', 100), invoke('a', 100), invoke('a', 100)]);
    expect(threads('a')).toBe(3);
    const answers = await Promise.all([invoke('b', 100), invoke('b', 100)]);
    expect(answers).toEqual([{ payload: 'done' }, { payload: 'done' }]);
    expect(threads()).toBeLessThanOrEqual(4);
  });

  it('keep their place while they are in use', async () => {
    fixture = await runFixture({ functions: { a: wait, b: wait } }, { poolLimits: { total: 3, growAfterMs: 1 } });
    await Promise.all([invoke('a', 100), invoke('a', 100), invoke('a', 100)]);
    await Promise.all([invoke('b', 100), invoke('b', 100), invoke('b', 100)]);
    expect([threads('a'), threads('b')]).toEqual([3, 1]);
  });

  it('are had by a function without any, even when all others are busy', async () => {
    fixture = await runFixture({ functions: { a: wait, b: wait } }, { poolLimits: { total: 2, growAfterMs: 1 } });
    const busy = [invoke('a', 1500), invoke('a', 1500)];
    await expect.poll(() => threads('a'), eventually).toBe(2);
    const started = performance.now();
    expect(await invoke('b')).toEqual({ payload: 'done' });
    expect(performance.now() - started).toBeLessThan(1400);
    await Promise.all(busy);
  });

  it('are not started on a busy machine for a queue that the busy one will have worked off sooner', async () => {
    const functions = { a: { ...wait, code: slowToLoad + wait.code } };
    fixture = await runFixture({ functions }, { poolLimits: { busyFrom: 0 } });
    await invoke('a');
    await invoke('a');
    await Promise.all(Array.from({ length: 8 }, () => invoke('a', 5)));
    expect(threads('a')).toBe(1);
    const busy = [invoke('a', 3_000), invoke('a', 3_000)];
    await expect.poll(() => threads('a'), eventually).toBe(2);
    await Promise.all(busy);
  });

  it('are started for a short queue too on a machine that has time for it', async () => {
    const functions = { a: { ...wait, code: slowToLoad + wait.code } };
    fixture = await runFixture({ functions }, { poolLimits: { busyFrom: 1 } });
    await invoke('a', 80);
    await Promise.all(Array.from({ length: 3 }, () => invoke('a', 60)));
    expect(threads('a')).toBeGreaterThan(1);
  });
});
