import { describe, expect, it } from 'vitest';
import { isEnd, isRequest, type LogEvent } from '../../../lambdas/shared/contracts/log-events.ts';
import { type Random, randomOf } from '../../support/random.ts';
import { Crash } from '../../support/steps.ts';
import { type Message, type Work, World } from '../../support/world.ts';

const session_ids = ['7d0f2a52-4a44-4f0e-8f57-0c6a3d6a0001', '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a0002'];
const messageId = (index: number) => `0fdba7a2-98a9-4f3c-a893-4f45b8a3${String(index).padStart(4, '0')}`;

/** Delivers what waits, some of it side by side, in any order; what crashes is delivered again or reported as lost. */
async function deliverSome(world: World, random: Random): Promise<void> {
  const batch: Work[] = [];
  for (let n = 1 + random.below(6); n > 0 && world.queue.length > 0; n -= 1) {
    batch.push(...world.queue.splice(random.below(world.queue.length), 1));
  }
  if (random.chance(0.2)) batch.push({ kind: 'sweep' });
  const performed = batch.map(async (work) => {
    try {
      await world.perform(work);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      afterCrash(world, random, work);
    }
  });
  await world.steps.run(performed);
  await Promise.all(performed);
  world.now += random.below(20_000);
}

function afterCrash(world: World, random: Random, work: Work): void {
  if (work.kind === 'call') {
    world.agents.died(work.call);
    if (random.chance(0.6)) world.queue.push({ kind: 'lost', call: work.call });
  } else if (work.kind === 'reply' || work.kind === 'lost') {
    if (random.chance(0.5)) world.queue.push(work);
  } else if (work.kind !== 'sweep') {
    world.queue.push(work);
  }
}

async function live(seed: number, rounds: number, failureRate = 0.1): Promise<World> {
  const random = randomOf(seed);
  const world = new World(random, rounds);
  world.agents.failureRate = failureRate;
  // Two texts to a page, or as many as there are.
  world.log.pageLength = random.pick([100, Number.POSITIVE_INFINITY]);
  for (const session_id of session_ids) await world.open(session_id);
  const messages: Message[] = Array.from({ length: 2 + random.below(8) }, (_, index) => ({
    session_id: random.pick(session_ids),
    message_id: messageId(index),
  }));
  for (const message of messages) world.queue.push(sent(random, message));
  if (random.chance(0.3)) world.queue.push({ kind: 'send', message: random.pick(messages) });
  for (const kind of ['cancel', 'regenerate', 'regenerate'] as const) {
    if (random.chance(0.4)) world.queue.push({ kind, message: random.pick(messages) });
  }

  world.steps.crashRate = random.pick([0, 0.02, 0.05, 0.1]);
  for (let n = 0; n < 60 && world.queue.length > 0; n += 1) await deliverSome(world, random);
  // Then nothing dies any more, and the sweep runs each minute: everything must come to its end by itself.
  world.steps.crashRate = 0;
  for (let minute = 0; minute < 20; minute += 1) {
    world.now += 130_000;
    world.queue.push({ kind: 'sweep' });
    while (world.queue.length > 0) await deliverSome(world, random);
  }
  return world;
}

/** By the socket, or by a foreign producer, whose record names a place in the log that it can't know. */
function sent(random: Random, message: Message): Work {
  if (random.chance(0.7)) return { kind: 'send', message };
  const numbered = random.chance(0.5) ? { seq: 1 + random.below(8) } : {};
  return { kind: 'request', request: { ...message, message: `text of ${message.message_id}`, ...numbered } };
}

function check(world: World, seed: number): void {
  for (const session_id of session_ids) {
    const events = world.log.events(session_id);
    const requests = events.filter(isRequest);
    const ends = events.filter(isEnd);
    const pushed = new Set(world.tabs.get(session_id)?.posted.get('tab')?.map(seqOf));
    expect(
      ends.filter(({ seq }) => !pushed.has(seq)),
      `never pushed, seed ${seed}`,
    ).toEqual([]);
    expect(
      events.map(({ seq }) => seq),
      `gaps, seed ${seed}`,
    ).toEqual(events.map((_, index) => index + 1));
    expect(
      ends.map((end) => end.ends),
      `one end each, in order, seed ${seed}`,
    ).toEqual(requests.map(({ seq }) => seq));
    const row = world.sessions.rows.get(session_id);
    expect(row?.run, `run left, seed ${seed}`).toBeUndefined();
    expect(row?.open_at, `open left, seed ${seed}`).toBeUndefined();
  }
  expect(world.setAside, `set aside, seed ${seed}`).toEqual([]);
  const stored = new Set(session_ids.flatMap((id) => world.log.events(id).map(idOf)));
  for (const id of world.accepted) expect(stored.has(id), `accepted ${id} is stored, seed ${seed}`).toBe(true);
}

function seqOf(frame: string): unknown {
  return (JSON.parse(frame) as { seq?: unknown }).seq;
}

function idOf(event: LogEvent): string {
  return 'message_id' in event ? event.message_id : event.type;
}

describe('the mailbox', () => {
  it('ends each accepted message once and in order, whatever the interleaving, repeats and crashes', async () => {
    for (let seed = 1; seed <= 400; seed += 1) check(await live(seed, 1), seed);
  });

  // Each of these once lost a message: settled between its count and its place in the log, then a crash after the claim.
  it.each([453, 3064])('does so where it once did not, seed %i', async (seed) => {
    check(await live(seed, 1), seed);
  });

  it('does so for graphs that suspend several times', async () => {
    for (let seed = 1; seed <= 150; seed += 1) check(await live(seed, 3), seed);
  });

  it('calls the model once per message, and again only for calls that died', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const world = await live(seed, 1, 0);
      const { modelCalls, lostCalls, answered } = world.agents;
      for (const [request, calls] of modelCalls) {
        expect(calls, `${request}, seed ${seed}`).toBeLessThanOrEqual(1 + (lostCalls.get(request) ?? 0));
      }
      // However often its process died: what the model had answered, and memory was given, is the end.
      const failed = session_ids.flatMap((id) =>
        world.log.events(id).flatMap((event) => (event.type === 'failed' ? `${id}/${event.ends}` : [])),
      );
      expect(
        failed.filter((request) => answered.has(request)),
        `answered, and yet failed, seed ${seed}`,
      ).toEqual([]);
    }
  });
});
