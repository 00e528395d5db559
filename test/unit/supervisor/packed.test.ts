import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../lambdas/supervisor/checkpoint/packed.ts';
import { createSupervisorGraph } from '../../../lambdas/supervisor/graph.ts';

describe('a suspended run, packed', () => {
  it('leaves room for the rest of a session in 1 KB', async () => {
    const input = {
      run_id: randomUUID(),
      session_id: randomUUID(),
      message_id: randomUUID(),
      seq: 4711,
      message: 'Hi',
    };
    const state = await createSupervisorGraph().start(input);
    if (state.kind !== 'suspended') throw new Error(state.kind);
    expect(state.checkpoint.length).toBeLessThan(300);
    expect(JSON.parse(unpack(state.checkpoint))).toMatchObject({ storage: {}, writes: {} });
    const { interrupt_id } = state.waits;
    const ended = await createSupervisorGraph().resume(input.run_id, state.checkpoint, interrupt_id, {
      status: 'complete',
      text: 'Here it is',
    });
    expect(ended).toMatchObject({ kind: 'ended', outcome: { status: 'complete', text: 'Here it is' } });
  });

  it.each(['{}', '{"any":"text","é":"☃"}', 'x'.repeat(100_000), ''])('is what it was: %.20s', (text) => {
    expect(unpack(pack(text))).toBe(text);
  });

  it('that an earlier release stored unpacked is read as it is', () => {
    expect(unpack('{"storage":{}}')).toBe('{"storage":{}}');
  });

  it('that this release stored is read for ever', () => {
    expect(unpack('1:q0ZP/4mg8EP2Q20tAA==')).toBe('{"storage":{"":{"a":1}},"writes":{}}');
  });
});
