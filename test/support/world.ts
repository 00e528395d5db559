import { consumeResponse } from '../../lambdas/responder/consume.ts';
import type { ConsumedRecord } from '../../lambdas/shared/adapters/kafka/msk-event.ts';
import type { ConversationCall, ConversationReply } from '../../lambdas/shared/contracts/calls.ts';
import type { ChatRequest, ChatResponse } from '../../lambdas/shared/contracts/records.ts';
import type { ServerFrame } from '../../lambdas/shared/contracts/server-frames.ts';
import type { Trail } from '../../lambdas/shared/contracts/steps.ts';
import { advance } from '../../lambdas/shared/domain/advance.ts';
import { reportLost, settleCall } from '../../lambdas/shared/domain/recover.ts';
import { cancel } from '../../lambdas/shared/domain/requests.ts';
import type { SupervisionPorts } from '../../lambdas/shared/domain/supervision.ts';
import type { Logger } from '../../lambdas/shared/platform/logger.ts';
import { type SubmitPorts, submit, submitAgain } from '../../lambdas/shared/submit.ts';
import { consumeRequest } from '../../lambdas/supervisor/consume.ts';
import { createSweep } from '../../lambdas/sweep/sweep.ts';
import { askingGraph, ModelledAgents } from './modelled-agents.ts';
import type { Random } from './random.ts';
import { Steps } from './steps.ts';
import { InMemoryLog, InMemoryMarkers } from './stores/log.ts';
import { InMemoryMemory, InMemorySockets } from './stores/memory.ts';
import { InMemorySessions } from './stores/sessions.ts';

export interface Message {
  readonly session_id: string;
  readonly message_id: string;
}

/** One thing that some function is to be invoked with, or a person does. */
export type Work =
  | { readonly kind: 'send' | 'cancel' | 'regenerate'; readonly message: Message }
  | { readonly kind: 'request'; readonly request: ChatRequest }
  | { readonly kind: 'response'; readonly response: ChatResponse }
  | { readonly kind: 'advance'; readonly session_id: string }
  | { readonly kind: 'call'; readonly call: ConversationCall }
  | { readonly kind: 'reply'; readonly reply: ConversationReply }
  | { readonly kind: 'lost'; readonly call: ConversationCall }
  | { readonly kind: 'sweep' };

const trail: Trail = { traceparent: '00-0-0-01', steps: [] };
const silent: Logger = { log: () => undefined, with: () => silent };

/**
 * The whole system with everything outside its own code replaced by queues: Kafka, asynchronous invocations and time. Any
 * work may be delivered twice, late, in any order, and may die at any outside operation. One tab per session is open.
 */
export class World {
  readonly sessions = new InMemorySessions();
  readonly log = new InMemoryLog();
  readonly markers = new InMemoryMarkers();
  readonly memories = new Map<string, InMemoryMemory>();
  readonly tabs = new Map<string, InMemorySockets>();
  readonly accepted = new Set<string>();
  readonly setAside: string[] = [];
  readonly agents: ModelledAgents;
  readonly steps: Steps;
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
    this.agents = new ModelledAgents(random);
  }

  async open(session_id: string): Promise<void> {
    const at = new Date(this.now).toISOString();
    const counts = { tail: 0, done_seq: 0, accepts: 0 };
    await this.sessions.create({ session_id, owner: 'me', title: 't', created_at: at, updated_at: at, ...counts });
    this.memories.set(session_id, new InMemoryMemory());
    const tab = new InMemorySockets(session_id);
    await tab.add({ connection_id: 'tab', session_id });
    this.tabs.set(session_id, tab);
  }

  /** Does one piece of work as its function would. Rejects when it crashed: whoever delivered it decides what follows. */
  async perform(work: Work): Promise<void> {
    switch (work.kind) {
      case 'send':
      case 'regenerate':
      case 'cancel':
        return this.#act(work.kind, work.message);
      case 'request':
        await consumeRequest(this.#consuming(), this.#record('chat-requests', work.request), silent);
        this.accepted.add(String(work.request.message_id));
        return;
      case 'response':
        return this.#respond(work.response);
      case 'advance':
        await advance(this.#supervision(), work.session_id, trail);
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
      case 'sweep':
        await this.#sweep()({}, { logger: silent, requestId: 'r', remainingMs: () => 60_000 });
    }
  }

  /** What a person does on a socket. What is about a message that is not there yet is done later. */
  async #act(kind: 'send' | 'cancel' | 'regenerate', message: Message): Promise<void> {
    const { session_id, message_id } = message;
    const origin = { component: 'test', receivedAt: this.now, logger: silent };
    const ports: SubmitPorts = {
      ...this.#stores(),
      now: () => new Date(this.now),
      publish: async (request) => {
        // Without steps: a producer that fails is no crash.
        if (this.#random.chance(0.2)) throw new Error('Kafka is away');
        await this.#put({ kind: 'request', request });
      },
      broadcast: async (id, frames) => this.#push(id, frames),
    };
    if (kind !== 'send' && !this.accepted.has(message_id)) return void this.queue.push({ kind, message });
    if (kind === 'cancel') return void (await cancel(ports, session_id, message_id));
    if (kind === 'regenerate') return void (await submitAgain(ports, origin, session_id, message_id));
    await submit(ports, origin, { session_id, message_id, message: `text of ${message_id}` });
    this.accepted.add(message_id);
  }

  async #converse(call: ConversationCall): Promise<void> {
    const { sessions, memory } = this.#stores(call.session_id);
    const { session_id, call_id, attempt } = call;
    const begun = await sessions.begin(session_id, call_id, attempt, `${this.#ids++}`, this.now + 120_000, call.sent);
    const reply = { session_id, call_id, attempt, steps: [] };
    if (!begun.won) return this.#put({ kind: 'reply', reply });
    const result = await this.agents.answer(call, memory);
    await this.#put({ kind: 'reply', reply: { ...reply, result } });
  }

  async #respond(response: ChatResponse): Promise<void> {
    const { session_id } = response;
    const ports = {
      ...this.#stores(session_id),
      advance: async (id: string) => this.#put({ kind: 'advance', session_id: id }),
      failureMode: 'report' as const,
      clearLog: async () => undefined,
      keepTrace: async () => undefined,
      setAside: async ({ reason }: { reason: string }) => void this.setAside.push(reason),
    };
    await consumeResponse(ports, this.#record('chat-responses', response), silent);
  }

  #sweep() {
    const { sessions, log, memory } = this.#stores();
    const publish = async (request: ChatRequest) => this.#put({ kind: 'request', request });
    return createSweep({ sessions, log, memory, publish, clearLog: async () => undefined, now: () => this.now });
  }

  #record(topic: string, value: ChatRequest | ChatResponse): ConsumedRecord {
    const bytes = Buffer.from(JSON.stringify(value)).toString('base64');
    const place = { topic, partition: 0, offset: 0, source: 'arn', timestamp: this.now };
    return { ...place, key: Buffer.from(value.session_id).toString('base64'), value: bytes, headers: {} };
  }

  #stores(sessionId = '') {
    const tab = this.steps.of(this.tabs.get(sessionId) ?? new InMemorySockets(sessionId));
    return {
      sessions: this.steps.of(this.sessions),
      log: this.steps.of(this.log),
      markers: this.steps.of(this.markers),
      memory: this.steps.of(this.memories.get(sessionId) ?? new InMemoryMemory()),
      connections: tab,
      sockets: tab,
    };
  }

  #consuming() {
    const setAside = async ({ reason }: { reason: string }) => void this.setAside.push(reason);
    const broadcast = async (id: string, frames: readonly ServerFrame[]) => this.#push(id, frames);
    return { ...this.#stores(), ...this.#supervision(), failureMode: 'report' as const, setAside, broadcast };
  }

  #supervision(): SupervisionPorts {
    return {
      ...this.#stores(),
      graph: askingGraph(this.#rounds),
      agents: { call: async (_agent, call) => this.#put({ kind: 'call', call }) },
      responses: { publish: async (response) => this.#put({ kind: 'response', response }) },
      recall: async (id, seq) => this.#stores(id).memory.find(id, seq),
      now: () => this.now,
      newId: () => `id${this.#ids++}`,
      answerId: (session, seq) => `${session.slice(0, -4)}${String(seq).padStart(4, '0')}`,
      settings: { dispatchLeaseMs: 30_000, resumeLeaseMs: 30_000, maxAttempts: 3, maxAgeMs: 1e12 },
    };
  }

  async #push(id: string, frames: readonly ServerFrame[]): Promise<void> {
    await this.steps.take(async () => {
      for (const frame of frames) await this.tabs.get(id)?.post('tab', JSON.stringify(frame));
    });
  }

  async #put(work: Work): Promise<void> {
    await this.steps.take(async () => {
      this.queue.push(work);
      // Kafka and asynchronous invocations deliver at least once.
      if (this.#random.chance(0.15)) this.queue.push(work);
    });
  }
}
