import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../support/chat-client.ts';
import { isEnd } from '../../support/frames.ts';
import { outsideKafka, readTopic } from '../../support/kafka-reader.ts';
import { findFaults } from '../../support/ledger.ts';
import type { ModelCall, ModelReply } from '../../support/model-stub.ts';
import { type Random, randomOf } from '../../support/random.ts';
import { Actor } from './actor.ts';
import { type Mischief, Monkey } from './monkey.ts';
import { type LogLine, StormSystem } from './system.ts';

export interface StormOptions {
  readonly seed: number;
  readonly parts: 'embedded' | 'real';
  readonly sessions: number;
  /** In all. */
  readonly messages: number;
  readonly poison: number;
  readonly brokerRestarts: number;
  /**
   * Things are broken until nine of ten messages have ended and some processes were killed, or for so many milliseconds;
   * what is broken at the end must mend by itself.
   */
  readonly rampageMs: number;
  /** Lines that functions log between two kills at least; 0 when left out. A turn has about ten. */
  readonly killPause?: number;
  /** Milliseconds after which an abandoned run is taken over; 30,000 on AWS. */
  readonly leaseMs: number;
  /** Milliseconds after which whatever has no end counts as lost. */
  readonly patienceMs: number;
  /** Told now and then how far it is. */
  readonly progress?: (line: string) => void;
}

/** What a storm left: the counts that must be 0, and those that show what it was. */
export interface StormReport {
  readonly options: StormOptions;
  readonly accepted: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly withoutEnd: number;
  readonly doubled: number;
  readonly gaps: number;
  readonly disordered: number;
  readonly reused: number;
  readonly modelCalls: number;
  /** Calls that the model itself failed, by what it did, and calls whose outcome died with a process. */
  readonly modelFaults: Readonly<Record<string, number>>;
  readonly destroyedCalls: number;
  readonly deadLetters: number;
  readonly mischief: Mischief;
  readonly reconnects: number;
  readonly seconds: number;
}

/** Runs one storm and counts. The same seed does the same things in the same order, as far as the machine keeps time. */
export async function storm(options: StormOptions): Promise<StormReport> {
  const random = randomOf(options.seed);
  const started = performance.now();
  const attempts = new Map<string, number>();
  const actors: Actor[] = [];
  let system: StormSystem;
  const monkey = new Monkey(
    () => system,
    randomOf(options.seed + 1),
    () => actors,
    options.killPause ?? 0,
  );
  system = await StormSystem.start(options.parts, options.leaseMs, (line) => {
    noteAttempt(attempts, line);
    monkey.see(line);
  });
  const model = new MoodyModel(randomOf(options.seed + 2));
  system.model.reply = (call) => model.reply(call);
  const until = Date.now() + options.patienceMs;
  const sweeping = new AbortController();
  let progressing: NodeJS.Timeout | undefined;
  const sweeps = sweepOften(() => system, options.leaseMs / 3, sweeping.signal);
  try {
    for (let n = 0; n < options.sessions; n += 1) {
      const session = await new ChatClient(system.runtime.url).createSession();
      actors.push(new Actor(session, randomOf(options.seed * 1_000 + n), () => system.line.url));
    }
    monkey.start(options.brokerRestarts);
    progressing = setInterval(() => options.progress?.(progressOf(actors, monkey.done)), 30_000);
    const share = Math.ceil(options.messages / options.sessions);
    const talks = actors.map(async (actor) => actor.talk(messagesFor(share), until));
    const calm = Promise.all(talks).then(() => undefined);
    // The embedded broker loses the dead letters too, which are to be counted at the end.
    if (options.parts === 'embedded') await Promise.race([calm, monkey.restarted]);
    await poison(system.brokers, options.poison, random);
    await Promise.race([calm, enough(actors, monkey.done, options)]);
    await monkey.stop();
    await calm;
    const dead = await deadLetters(system.brokers, options.poison);
    return report(options, actors, model, attempts, dead, monkey.done, (performance.now() - started) / 1000);
  } finally {
    clearInterval(progressing);
    await monkey.stop();
    sweeping.abort();
    await sweeps;
    await system.stop();
  }
}

function endedOf(actors: readonly Actor[]): number {
  return actors.reduce((sum, { seen }) => sum + new Set(seen.filter(isEnd).map(({ seq }) => seq)).size, 0);
}

function progressOf(actors: readonly Actor[], { kills }: Mischief): string {
  const accepted = actors.reduce((sum, actor) => sum + actor.accepted.length, 0);
  return `${accepted} accepted, ${endedOf(actors)} ended, ${Object.values(kills).reduce((sum, count) => sum + count, 0)} kills`;
}

async function enough(
  actors: readonly Actor[],
  { kills }: Mischief,
  { messages, rampageMs }: StormOptions,
): Promise<void> {
  for (const until = Date.now() + rampageMs; Date.now() < until; await delay(200, undefined, { ref: false })) {
    if (endedOf(actors) >= messages * 0.9 && Object.keys(kills).length >= 5) return;
  }
}

function messagesFor(count: number): { id: string; text: string }[] {
  return Array.from({ length: count }, () => randomUUID()).map((id) => ({ id, text: `say ${id}` }));
}

function noteAttempt(attempts: Map<string, number>, { component, step, message_id, attempt }: LogLine): void {
  if (component !== 'conversation' || step !== 'memory read' || message_id === undefined) return;
  attempts.set(message_id, Math.max(attempts.get(message_id) ?? 0, attempt ?? 1));
}

/** The schedule runs it each minute; a storm is over sooner. */
async function sweepOften(system: () => StormSystem, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    await system()
      .sweep()
      .catch(() => undefined);
  }
}

async function poison(brokers: string, count: number, random: Random): Promise<void> {
  if (count === 0) return;
  const producer = outsideKafka(brokers).producer();
  await producer.connect();
  const kinds = ['no json', '{}', '{"session_id":"x","message":"m"}', '[1]', ''];
  for (let n = 0; n < count; n += 1) {
    const value = `${random.pick(kinds)}${n % 2 === 0 ? '' : ' '}`;
    await producer.send({ topic: 'chat-requests', messages: [{ key: `poison ${n}`, value }] });
  }
  await producer.disconnect();
}

/** A model that fails, stalls and dies in the middle, as often as its mood has it. */
class MoodyModel {
  readonly #random: Random;
  calls = 0;
  readonly faults: Record<string, number> = {};

  constructor(random: Random) {
    this.#random = random;
  }

  reply({ question }: ModelCall): ModelReply {
    this.calls += 1;
    const mood = this.#random.next();
    if (mood < 0.92)
      return { kind: 'text', text: `heard ${question}`, delayMs: 10 + this.#random.below(60), wordMs: 5 };
    const fault = this.#fault(mood);
    this.faults[fault.kind] = (this.faults[fault.kind] ?? 0) + 1;
    return fault;
  }

  #fault(mood: number): ModelReply {
    if (mood < 0.96) return { kind: 'status', status: 500 };
    return mood < 0.98 ? { kind: 'half', text: 'I was about to' } : { kind: 'stall', text: 'Well' };
  }
}

/** Keys of what was set aside; a record that was set aside by a process which died then is there twice. */
async function deadLetters(brokers: string, expected: number): Promise<ReadonlySet<string | undefined>> {
  if (expected === 0) return new Set();
  const keys = (records: readonly { readonly key: string | undefined }[]) => new Set(records.map(({ key }) => key));
  return keys(await readTopic(brokers, 'chat-requests-dlt', (records) => keys(records).size >= expected));
}

function report(
  options: StormOptions,
  actors: readonly Actor[],
  model: MoodyModel,
  attempts: ReadonlyMap<string, number>,
  dead: ReadonlySet<string | undefined>,
  mischief: Mischief,
  seconds: number,
): StormReport {
  const faults = actors.map(({ seen, accepted }) => findFaults(seen, accepted));
  const total = (count: (fault: (typeof faults)[number]) => number) =>
    faults.reduce((sum, fault) => sum + count(fault), 0);
  const ends: Record<string, number> = {};
  for (const { seen } of actors) {
    const bySeq = new Map(seen.filter(isEnd).map((frame) => [frame.seq, frame]));
    for (const { type } of bySeq.values()) ends[type] = (ends[type] ?? 0) + 1;
  }
  return {
    options,
    accepted: actors.reduce((sum, { accepted }) => sum + accepted.length, 0),
    ends,
    withoutEnd: total(({ unanswered }) => unanswered.length),
    doubled: total(({ doubled }) => doubled.length),
    gaps: total(({ gaps }) => gaps.length),
    disordered: total(({ disordered }) => disordered.length),
    reused: total(({ reused }) => reused.length),
    modelCalls: model.calls,
    modelFaults: model.faults,
    destroyedCalls: [...attempts.values()].reduce((sum, attempt) => sum + attempt - 1, 0),
    deadLetters: dead.size,
    mischief,
    reconnects: actors.reduce((sum, { reconnects }) => sum + reconnects, 0),
    seconds: Math.round(seconds * 10) / 10,
  };
}
