import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatClient } from '../../support/chat-client.ts';
import { isEnd } from '../../support/frames.ts';
import { findFaults } from '../../support/ledger.ts';
import { randomOf } from '../../support/random.ts';
import { Actor } from './actor.ts';
import { Listener } from './listener.ts';
import { type Mischief, Monkey } from './monkey.ts';
import { type CallCounts, MoodyModel } from './moody-model.ts';
import { type DeadLetters, deadLetters, poison } from './poison.ts';
import { StormSystem } from './system.ts';

export interface StormOptions {
  readonly seed: number;
  readonly parts: 'embedded' | 'real';
  readonly sessions: number;
  /** In all. */
  readonly messages: number;
  /** Records for each of the two topics. */
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
  /** Ends that an open tab did not get without asking. */
  readonly unpushed: number;
  readonly modelCalls: CallCounts;
  /** Calls that the model itself failed, by what it did. */
  readonly modelFaults: Readonly<Record<string, number>>;
  readonly deadLetters: DeadLetters;
  readonly mischief: Mischief;
  readonly reconnects: number;
  readonly seconds: number;
}

/** Runs one storm and counts. The same seed does the same things in the same order, as far as the machine keeps time. */
export async function storm(options: StormOptions): Promise<StormReport> {
  const random = randomOf(options.seed);
  const started = performance.now();
  const actors: Actor[] = [];
  const listeners: Listener[] = [];
  const model = new MoodyModel(randomOf(options.seed + 2));
  let system: StormSystem;
  const monkey = new Monkey(
    () => system,
    randomOf(options.seed + 1),
    () => actors,
    options.killPause ?? 0,
  );
  system = await StormSystem.start(options.parts, options.leaseMs, (line) => {
    model.see(line);
    monkey.see(line);
  });
  system.model.reply = (call) => model.reply(call);
  const until = Date.now() + options.patienceMs;
  const sweeping = new AbortController();
  let progressing: NodeJS.Timeout | undefined;
  const sweeps = sweepOften(() => system, options.leaseMs / 3, sweeping.signal);
  try {
    for (let n = 0; n < options.sessions; n += 1) {
      const session = await new ChatClient(system.runtime.url).createSession();
      const actor = new Actor(session, randomOf(options.seed * 1_000 + n), () => system.line.url);
      actors.push(actor);
      listeners.push(new Listener(actor, () => system.runtime.url));
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
    const missing = await Promise.all(listeners.map(async (listener) => listener.missing(5 * options.leaseMs)));
    const unpushed = missing.reduce((sum, count) => sum + count, 0);
    const dead = await deadLetters(system.brokers, options.poison);
    const seconds = (performance.now() - started) / 1000;
    return { ...report(options, actors, model, monkey.done, seconds), unpushed, deadLetters: dead };
  } finally {
    clearInterval(progressing);
    for (const listener of listeners) listener.stop();
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

/** The schedule runs it each minute; a storm is over sooner. */
async function sweepOften(system: () => StormSystem, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    await system()
      .sweep()
      .catch(() => undefined);
  }
}

function report(
  options: StormOptions,
  actors: readonly Actor[],
  model: MoodyModel,
  mischief: Mischief,
  seconds: number,
): Omit<StormReport, 'unpushed' | 'deadLetters'> {
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
    modelCalls: model.counts(),
    modelFaults: model.faults,
    mischief,
    reconnects: actors.reduce((sum, { reconnects }) => sum + reconnects, 0),
    seconds: Math.round(seconds * 10) / 10,
  };
}
