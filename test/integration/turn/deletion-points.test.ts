import { describe, expect, it } from 'vitest';
import { Turn } from '../../support/turn.ts';

async function turnWith(accident: ConstructorParameters<typeof Turn>[0]): Promise<Turn> {
  const turn = new Turn(accident);
  await turn.run('What is Kafka?');
  return turn;
}

/** Everything that is stored of the session. */
function left({ sessions, log, markers, memory, sockets, traces }: Turn) {
  return {
    rows: sessions.rows.size,
    events: [...log.slots.values()].reduce((sum, slots) => sum + slots.size, 0),
    markers: markers.markers.size,
    exchanges: memory.exchanges.length,
    sockets: sockets.posted.size,
    traces: traces.length,
  };
}

const nothing = { rows: 0, events: 0, markers: 0, exchanges: 0, sockets: 0, traces: 0 };

describe('a session that is deleted while its answer is on its way', () => {
  it('leaves nothing, and never comes back, whichever operation the deletion comes before', async () => {
    const whole = await turnWith({});
    expect(left(whole)).toMatchObject({ rows: 1, events: 3, exchanges: 1 });
    expect(whole.ownOperations).toBeGreaterThan(25);
    for (let deleteAt = 1; deleteAt <= whole.ownOperations; deleteAt += 1) {
      const turn = await turnWith({ deleteAt });
      expect(left(turn), `deleted before operation ${deleteAt}`).toEqual(nothing);
      // The stone is all there is, and nobody looks at it any more.
      expect([...turn.sessions.stones.values()], `deleted before operation ${deleteAt}`).toEqual([undefined]);
    }
  });

  it('leaves nothing when the process that meets the deletion dies with it', async () => {
    const whole = await turnWith({});
    for (const after of [false, true]) {
      for (let deleteAt = 1; deleteAt <= whole.ownOperations; deleteAt += 1) {
        const turn = await turnWith({ deleteAt, crashAt: deleteAt + 1, after });
        expect(left(turn), `deleted before operation ${deleteAt}, died ${after ? 'after' : 'before'} the next`).toEqual(
          nothing,
        );
      }
    }
  });
});
