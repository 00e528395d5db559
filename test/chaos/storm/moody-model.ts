import type { ModelCall, ModelReply } from '../../support/model-stub.ts';
import type { Random } from '../../support/random.ts';
import type { LogLine } from './system.ts';

/** Too long for one item, one frame, and a page of the log. */
const long = Array<string>(400).fill('x'.repeat(1_000)).join(' ');

/** What the model was asked, by why. */
export interface CallCounts {
  /** Questions that were asked at all. */
  readonly first: number;
  /** Asked again after the model failed, stalled or died in the middle. */
  readonly afterFault: number;
  /** Asked again because the process that had asked, or had just been answered, was gone before memory had the answer. */
  readonly afterDeath: number;
  /** Asked although memory had the answer, or while somebody else was being answered: must be 0. */
  readonly needless: number;
}

interface Asked {
  readonly kind: ModelReply['kind'];
  /** Epoch milliseconds. */
  readonly began: number;
  ended: number;
  end: 'open' | Awaited<ModelCall['end']>;
}

/** A model that fails, stalls and dies in the middle, as often as its mood has it, and remembers who asked what. */
export class MoodyModel {
  readonly faults: Record<string, number> = {};
  readonly #random: Random;
  readonly #asked = new Map<string, Asked[]>();
  /** When memory had the answer to a question, in epoch milliseconds. */
  readonly #written = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Each question names itself: `say <message id>`. */
  reply({ question, end }: ModelCall): ModelReply {
    const reply = this.#reply(question);
    const asked: Asked = { kind: reply.kind, began: Date.now(), ended: Number.POSITIVE_INFINITY, end: 'open' };
    const id = question.split(' ').at(-1) ?? '';
    this.#asked.set(id, [...(this.#asked.get(id) ?? []), asked]);
    void end.then((how) => Object.assign(asked, { end: how, ended: Date.now() }));
    return reply;
  }

  /** Notes a line that a function logged. */
  see({ component, step, message_id, time }: LogLine): void {
    if (component !== 'conversation' || step !== 'memory written' || message_id === undefined) return;
    if (!this.#written.has(message_id)) this.#written.set(message_id, Date.parse(time));
  }

  counts(): CallCounts {
    const counts = { first: 0, afterFault: 0, afterDeath: 0, needless: 0 };
    for (const [id, calls] of this.#asked) {
      const written = this.#written.get(id) ?? Number.POSITIVE_INFINITY;
      for (const [index, call] of calls.entries()) counts[why(call, calls[index - 1], written)] += 1;
    }
    return counts;
  }

  #reply(question: string): ModelReply {
    const mood = this.#random.next();
    if (mood < 0.03) return { kind: 'text', text: `heard ${question} ${long}`, wordMs: 1 };
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

function why(call: Asked, before: Asked | undefined, written: number): keyof CallCounts {
  if (!before) return 'first';
  if (written < call.began) return 'needless';
  if (before.kind !== 'text') return 'afterFault';
  return before.end === 'answered' && before.ended > call.began ? 'needless' : 'afterDeath';
}
