import { draftOf } from '../../lambdas/responder/draft.ts';
import type { AgentResult, ConversationCall, ConversationReply } from '../../lambdas/shared/contracts/calls.ts';
import type { Draft, EndEvent } from '../../lambdas/shared/contracts/log-events.ts';
import type { ChatResponse } from '../../lambdas/shared/contracts/records.ts';
import type { Trail } from '../../lambdas/shared/contracts/steps.ts';
import { accept } from '../../lambdas/shared/domain/accept.ts';
import { advance, reportLost, settleCall } from '../../lambdas/shared/domain/advance.ts';
import { releaseAfter, storeEnd } from '../../lambdas/shared/domain/finish.ts';
import type { GraphState, SupervisorGraph } from '../../lambdas/shared/domain/graph.ts';
import { pending } from '../../lambdas/shared/domain/pending.ts';
import type { SupervisionPorts } from '../../lambdas/shared/domain/supervision.ts';
import type { Random } from './random.ts';
import { Steps } from './steps.ts';
import { InMemoryLog, InMemoryMarkers } from './stores/log.ts';
import { InMemorySessions } from './stores/sessions.ts';

export interface Message {
  readonly session_id: string;
  readonly message_id: string;
}

/** One thing that some function is to be invoked with. */
export type Work =
  | { readonly kind: 'send'; readonly message: Message }
  | { readonly kind: 'request'; readonly session_id: string; readonly seq?: number }
  | { readonly kind: 'call'; readonly call: ConversationCall }
  | { readonly kind: 'reply'; readonly reply: ConversationReply }
  | { readonly kind: 'lost'; readonly call: ConversationCall }
  | { readonly kind: 'response'; readonly response: ChatResponse }
  | { readonly kind: 'sweep' };

const trail: Trail = { traceparent: '00-0-0-01', steps: [] };

/**
 * The whole system with everything outside the domain replaced by queues: Kafka, asynchronous invocations and time. Any
 * work may be delivered twice, late, in any order, and may die at any outside operation.
 */
export class World {
  readonly sessions = new InMemorySessions();
  readonly log = new InMemoryLog();
  readonly markers = new InMemoryMarkers();
  readonly memory = new Map<string, string>();
  readonly accepted = new Set<string>();
  readonly modelCalls = new Map<string, number>();
  readonly lostCalls = new Map<string, number>();
  readonly steps: Steps;
  /** Probability that the model fails. A failure whose report is lost is had again only by asking the model again. */
  failureRate = 0.1;
  queue: Work[] = [];
  now = Date.parse('2026-01-01T00:00:00Z');
  #ids = 0;
  readonly #random: Random;
  readonly #rounds: number;

  /** `rounds`: how often the graph suspends before it ends. */
  constructor(random: Random, rounds: number) {
    this.#random = random;
    this.#rounds = rounds;
    this.steps = new Steps(random);
  }

  /** Does one piece of work as its function would. Rejects when it crashed: whoever delivered it decides what follows. */
  async perform(work: Work): Promise<void> {
    switch (work.kind) {
      case 'send':
        return this.#send(work.message);
      case 'request':
        await advance(this.#supervision(), work.session_id, trail, work.seq);
        return;
      case 'call':
        return this.#converse(work.call);
      case 'reply': {
        const { session_id, call_id, result } = work.reply;
        if (result) await settleCall(this.#supervision(), session_id, call_id, result, trail);
        return;
      }
      case 'lost':
        await reportLost(this.#supervision(), work.call, trail);
        return;
      case 'response':
        return this.#respond(work.response);
      case 'sweep':
        return this.#sweep();
    }
  }

  async #send({ session_id, message_id }: Message): Promise<void> {
    const { sessions, log, markers } = this.#stores();
    const question = { session_id, message_id, message: `text of ${message_id}` };
    const { event } = await accept({ sessions, markers, log, now: () => new Date(this.now) }, question);
    if (this.#random.chance(0.8)) await this.#put({ kind: 'request', session_id, seq: event.seq });
    else await sessions.touch(session_id, new Date(this.now));
    this.accepted.add(message_id);
  }

  async #converse(call: ConversationCall): Promise<void> {
    const { session_id, call_id, attempt, seq, message_id } = call;
    const { sessions } = this.#stores();
    const begun = await sessions.begin(session_id, call_id, attempt, `${this.#ids++}`, this.now + 120_000);
    const reply = { session_id, call_id, attempt, steps: [] };
    if (!begun.won) return this.#put({ kind: 'reply', reply });
    const key = `${session_id}/${seq}/${begun.session?.run?.call.agent}`;
    const known = this.memory.get(key);
    if (known === undefined) this.modelCalls.set(message_id, (this.modelCalls.get(message_id) ?? 0) + 1);
    const failed = known === undefined && this.#random.chance(this.failureRate);
    const text = known ?? `answer to ${message_id}`;
    const result: AgentResult = failed
      ? { status: 'failed', code: 'model_unavailable', reason: 'down' }
      : { status: 'complete', text };
    if (!failed) await this.steps.take(async () => this.memory.set(key, text));
    await this.#put({ kind: 'reply', reply: { ...reply, result } });
  }

  async #respond(response: ChatResponse): Promise<void> {
    const ports = {
      ...this.#stores(),
      advance: async (session_id: string) => this.#put({ kind: 'request', session_id }),
    };
    const draft: Draft<EndEvent> = draftOf(response, 'fallback', new Date(this.now));
    const finished = await storeEnd(ports, response.session_id, draft);
    if (finished) await releaseAfter(ports, response.session_id, finished.event, finished.seen);
  }

  async #sweep(): Promise<void> {
    const { sessions, log } = this.#stores();
    for (const id of await sessions.open(new Date(this.now), 100)) {
      const session = await sessions.get(id);
      if (!session || (session.run && session.run.lease_until > this.now)) continue;
      const { waiting, skipTo } = await pending(log, id, session.done_seq);
      if (session.run && session.run.seq <= skipTo) await sessions.release(id, session.run.seq, session.tail);
      const [next] = waiting;
      if (next) await this.#put({ kind: 'request', session_id: id, seq: next.request.seq });
      else if (!session.run) await sessions.settle(session);
    }
  }

  #stores() {
    return {
      sessions: this.steps.of(this.sessions),
      log: this.steps.of(this.log),
      markers: this.steps.of(this.markers),
    };
  }

  #supervision(): SupervisionPorts {
    return {
      ...this.#stores(),
      graph: this.#graph(),
      agents: { call: async (_agent, call) => this.#put({ kind: 'call', call }) },
      responses: { publish: async (response) => this.#put({ kind: 'response', response }) },
      recall: async () => undefined,
      now: () => this.now,
      newId: () => `id${this.#ids++}`,
      answerId: (session, seq) => `${session}/${seq}`,
      settings: { dispatchLeaseMs: 30_000, resumeLeaseMs: 30_000, maxAttempts: 1_000, maxAgeMs: 1e12 },
    };
  }

  /** A graph that asks `rounds` agents, one after the other, and ends with the last one's result or the first failure. */
  #graph(): SupervisorGraph {
    const rounds = this.#rounds;
    const wait = (round: number): GraphState => ({
      kind: 'suspended',
      checkpoint: String(round),
      waits: { interrupt_id: `i${round}`, agent: `agent${round}` },
    });
    return {
      start: async () => wait(1),
      async resume(_run, checkpoint, _interrupt, result) {
        const round = Number(checkpoint);
        if (round < rounds && result.status === 'complete') return wait(round + 1);
        return { kind: 'ended', outcome: { ...result, agent: 'test' } };
      },
    };
  }

  async #put(work: Work): Promise<void> {
    await this.steps.take(async () => {
      this.queue.push(work);
      // Kafka and asynchronous invocations deliver at least once.
      if (this.#random.chance(0.15)) this.queue.push(work);
    });
  }
}
