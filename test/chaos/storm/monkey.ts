import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../support/random.ts';
import type { Actor } from './actor.ts';
import type { LogLine, StormSystem } from './system.ts';

/** Steps after which a function is killed, each in its turn. */
const steps: readonly (readonly [component: string, step: string])[] = [
  ['ws-message', 'stored'],
  ['ws-message', 'produced'],
  ['http-message', 'stored'],
  ['supervisor', 'consumed: started'],
  ['conversation', 'memory read'],
  ['conversation', 'first token'],
  ['conversation', 'model answered'],
  ['conversation', 'memory written'],
  ['supervisor', 'produced'],
  ['supervisor', 'resumed'],
  ['responder', 'stored'],
  ['responder', 'pushed'],
];

/** However little happens, in milliseconds. */
const longestRoundMs = 2_000;

/** Rounds for which a step is waited for. */
const patience = 20;

/** What the monkey did. */
export interface Mischief {
  /** By `component: step` after which the component's processes were killed. */
  readonly kills: Record<string, number>;
  drops: number;
  slowLines: number;
  repeats: number;
  faultWindows: number;
  brokerRestarts: number;
}

/** Breaks the system in all the ways it is promised to bear, in an order that the seed decides. */
export class Monkey {
  readonly done: Mischief = { kills: {}, drops: 0, slowLines: 0, repeats: 0, faultWindows: 0, brokerRestarts: 0 };
  readonly #system: () => StormSystem;
  readonly #random: Random;
  readonly #actors: () => readonly Actor[];
  #trap: readonly [string, string] | undefined;
  #next = 0;
  #waited = 0;
  #stopped = false;
  #busy = Promise.resolve();
  readonly #restarted = Promise.withResolvers<void>();

  readonly #killPause: number;
  #lastKill = 0;
  #linesSeen = 0;

  constructor(system: () => StormSystem, random: Random, actors: () => readonly Actor[], killPause: number) {
    this.#killPause = killPause;
    this.#system = system;
    this.#random = random;
    this.#actors = actors;
  }

  /** Springs the trap when the step that it waits for is logged. */
  see(line: LogLine): void {
    this.#linesSeen += 1;
    const trap = this.#trap;
    if (!trap || line.component !== trap[0] || line.step !== trap[1] || this.#stopped) return;
    this.#trap = undefined;
    this.#lastKill = this.#linesSeen;
    const name = trap.join(': ');
    this.done.kills[name] = (this.done.kills[name] ?? 0) + 1;
    this.#system()
      .kill(trap[0])
      .catch(() => undefined);
  }

  /** When no broker will be restarted any more. */
  get restarted(): Promise<void> {
    return this.#restarted.promise;
  }

  start(brokerRestarts: number): void {
    this.#busy = this.#rampage(brokerRestarts);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#busy;
    this.#system().setFaults(undefined);
    this.#system().line.delayMs = 0;
  }

  async #rampage(brokerRestarts: number): Promise<void> {
    for (let round = 1; !this.#stopped; round += 1) {
      if (this.done.brokerRestarts >= brokerRestarts) this.#restarted.resolve();
      await this.#nextRound();
      this.#setTrap();
      this.#slowDown();
      if (this.#random.chance(0.3)) this.#dropSome();
      if (this.#random.chance(0.2)) await this.#repeatOne();
      if (round % 12 === 5) await this.#disturbStore(round);
      if (round % 25 === 15 && this.done.brokerRestarts < brokerRestarts) await this.#restartBroker();
    }
  }

  /** Mischief keeps pace with the work: on a slow machine it would else leave no time for any. */
  async #nextRound(): Promise<void> {
    const seen = this.#linesSeen;
    const until = performance.now() + longestRoundMs;
    do await delay(60 + this.#random.below(120));
    while (this.#linesSeen - seen < this.#actors().length && performance.now() < until && !this.#stopped);
  }

  /** The next step in turn; one that does not come for a while is passed over. */
  #setTrap(): void {
    this.#waited = this.#trap ? this.#waited + 1 : 0;
    if (this.#trap && this.#waited < patience) return;
    if (this.#linesSeen - this.#lastKill < this.#killPause) return;
    this.#trap = steps[this.#next++ % steps.length];
    this.#waited = 0;
  }

  /** Between clients and product, for a round or more: slow, or as it was. */
  #slowDown(): void {
    const { line } = this.#system();
    if (line.delayMs > 0) line.delayMs = this.#random.chance(0.5) ? 0 : line.delayMs;
    else if (this.#random.chance(0.1)) {
      this.done.slowLines += 1;
      line.delayMs = 20 + this.#random.below(400);
    }
  }

  #dropSome(): void {
    for (const actor of this.#actors()) {
      if (!this.#random.chance(0.2)) continue;
      this.done.drops += 1;
      actor.drop();
    }
  }

  /** Delivers a batch again that was delivered before. */
  async #repeatOne(): Promise<void> {
    const { delivered, runtime } = this.#system();
    if (delivered.length === 0) return;
    const { functionName, payload } = this.#random.pick(delivered.slice(-50));
    this.done.repeats += 1;
    await runtime.invoke(functionName, JSON.parse(payload)).catch(() => undefined);
  }

  async #disturbStore(seed: number): Promise<void> {
    this.done.faultWindows += 1;
    const system = this.#system();
    system.setFaults({ seed, throttle: 0.15, loseRequest: 0.02, loseAnswer: 0.03, delay: 0.1, delayMs: 80 });
    await delay(250);
    system.setFaults(undefined);
  }

  async #restartBroker(): Promise<void> {
    this.done.brokerRestarts += 1;
    await this.#system().restartBroker();
  }
}
