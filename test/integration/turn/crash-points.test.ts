import { describe, expect, it } from 'vitest';
import { isEnd, type LogEvent } from '../../../lambdas/shared/contracts/log-events.ts';
import { Turn } from '../../support/turn.ts';

async function turnThatDiesAt(crashAt: number, after: boolean): Promise<Turn> {
  const turn = new Turn({ crashAt, after });
  await turn.run('What is Kafka?');
  return turn;
}

/** `seq` of the ends that were pushed to the open tab, which never asks for what it missed. */
function endsOnTab({ sockets }: Turn): number[] {
  const frames = (sockets.posted.get('tab') ?? []).map((frame) => JSON.parse(frame) as LogEvent);
  return [...new Set(frames.filter(isEnd).map(({ seq }) => seq))];
}

describe('one turn, killed at every operation that touches the outside', () => {
  it('ends, once, with one answer, whichever operation its process dies at', async () => {
    const whole = await turnThatDiesAt(-1, false);
    expect(whole.operations).toBeGreaterThan(25);
    for (const after of [false, true]) {
      for (let operation = 1; operation <= whole.operations; operation += 1) {
        const turn = await turnThatDiesAt(operation, after);
        const where = `died ${after ? 'after' : 'before'} operation ${operation}`;
        const events = turn.log.events(turn.session_id);
        expect(turn.crashed, where).toBe(true);
        expect(
          events.map(({ seq }) => seq),
          where,
        ).toEqual(events.map((_, index) => index + 1));
        expect(
          events.filter(({ type }) => type === 'user'),
          where,
        ).toHaveLength(1);
        expect(
          events.filter(isEnd).map(({ type }) => type),
          where,
        ).toEqual(['assistant']);
        const row = turn.sessions.rows.get(turn.session_id);
        expect(row?.run, where).toBeUndefined();
        expect(row?.open_at, where).toBeUndefined();
        expect(turn.memory.exchanges, where).toHaveLength(1);
        expect(endsOnTab(turn), where).toEqual(events.filter(isEnd).map(({ seq }) => seq));
        expect(turn.modelCalls, where).toBeLessThanOrEqual(2);
      }
    }
  });

  it('calls the model twice only where the first outcome died before it was stored', async () => {
    const whole = await turnThatDiesAt(-1, false);
    expect(whole.modelCalls).toBe(1);
    const twice: string[] = [];
    for (const after of [false, true]) {
      for (let operation = 1; operation <= whole.operations; operation += 1) {
        const turn = await turnThatDiesAt(operation, after);
        if (turn.modelCalls > 1) twice.push(`${after ? 'after' : 'before'} ${operation}`);
      }
    }
    // The one place: before the exchange is written to memory.
    expect(twice).toHaveLength(1);
    expect(twice[0]).toMatch(/^before/);
  });
});
