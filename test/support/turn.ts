import { randomUUID } from 'node:crypto';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import type { ChatOpenAI } from '@langchain/openai';
import { createConverse } from '../../lambdas/conversation/converse.ts';
import { createConversationGraph } from '../../lambdas/conversation/graph.ts';
import { createRespond } from '../../lambdas/responder/respond.ts';
import { nameUuid } from '../../lambdas/shared/adapters/kafka/msk-event.ts';
import { trailHeaders } from '../../lambdas/shared/adapters/kafka/topics.ts';
import type { Trail } from '../../lambdas/shared/contracts/steps.ts';
import { deleteSession } from '../../lambdas/shared/domain/deletion.ts';
import type { Invocation } from '../../lambdas/shared/platform/edge.ts';
import type { Logger } from '../../lambdas/shared/platform/logger.ts';
import { createSupervisorGraph } from '../../lambdas/supervisor/graph.ts';
import { createSupervise } from '../../lambdas/supervisor/supervise.ts';
import { createSweep } from '../../lambdas/sweep/sweep.ts';
import { createMessage } from '../../lambdas/ws-message/message.ts';
import { Crash } from './steps.ts';
import { InMemoryLog, InMemoryMarkers } from './stores/log.ts';
import { InMemoryMemory, InMemorySockets } from './stores/memory.ts';
import { InMemorySessions } from './stores/sessions.ts';

const session_id = '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111';

const silent: Logger = { log: () => undefined, with: () => silent };

/** What happens at one operation of a turn; operations count from 1. */
export interface Accident {
  /** Its process dies, `after` its effect or before. */
  readonly crashAt?: number;
  readonly after?: boolean;
  /** The session is deleted right before it. */
  readonly deleteAt?: number;
}

/** One session with every function's own code around it; Kafka, invocations and the clock are queues of this class. */
export class Turn {
  readonly sessions = new InMemorySessions();
  readonly log = new InMemoryLog();
  readonly markers = new InMemoryMarkers();
  readonly memory = new InMemoryMemory();
  readonly sockets = new InMemorySockets(session_id);
  readonly traces: Trail[] = [];
  /** Outside operations so far, and those before the first sweep. */
  operations = 0;
  ownOperations = 0;
  /** Rows that all reads together gave. */
  rowsRead = 0;
  modelCalls = 0;
  crashed = false;
  readonly #accident: Accident;
  #now = Date.now();
  readonly #queue: { readonly name: string; readonly run: () => Promise<void> }[] = [];

  constructor(accident: Accident = {}) {
    this.#accident = accident;
  }

  readonly session_id = session_id;

  /** Says one thing and lets everything happen, the sweep of some minutes included. */
  async run(text: string): Promise<void> {
    const at = new Date(this.#now).toISOString();
    const fresh = {
      session_id,
      owner: 'me',
      title: '',
      created_at: at,
      updated_at: at,
      tail: 0,
      done_seq: 0,
      accepts: 0,
    };
    if (!(await this.sessions.get(session_id))) await this.sessions.create(fresh);
    await this.sockets.add({ connection_id: 'tab', session_id });
    await this.#say(text, randomUUID());
    // Longer than a deletion waits until nobody can still be writing.
    for (let time = 0; time < 8; time += 1) {
      while (this.#queue.length > 0) await this.#deliver();
      this.ownOperations ||= this.operations;
      this.#now += 150_000;
      await this.#surviving(() => this.#sweep({}, this.#invocation()));
    }
  }

  /** A client sends until it has a reply. */
  async #say(text: string, message_id: string): Promise<void> {
    const body = JSON.stringify({ action: 'message', message_id, message: text });
    const requestContext = { connectionId: 'tab', requestTimeEpoch: this.#now };
    const event = { requestContext, body } as Parameters<typeof this.message>[0];
    if (!(await this.#surviving(() => this.message(event, this.#invocation())))) return this.#say(text, message_id);
  }

  /** Kafka and asynchronous invocations deliver again what died; a call that died is reported to its destination. */
  async #deliver(): Promise<void> {
    const [next] = this.#queue.splice(0, 1);
    if (!next || (await this.#surviving(next.run))) return;
    if (next.name !== 'conversation') this.#queue.push(next);
  }

  async #surviving(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return false;
    }
  }

  #guarded<T extends object>(store: T): T {
    return new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...inputs: unknown[]) => this.#operation(() => member.apply(target, inputs) as unknown);
      },
    });
  }

  async #operation<T>(work: () => T): Promise<T> {
    this.operations += 1;
    const { crashAt, after = false, deleteAt } = this.#accident;
    if (this.operations === deleteAt) await this.#delete();
    const crash = this.operations === crashAt;
    this.crashed ||= crash;
    if (crash && !after) throw new Crash();
    const output = await work();
    const rows = (output as { events?: unknown } | undefined)?.events ?? output;
    if (Array.isArray(rows)) this.rowsRead += rows.length;
    if (crash) throw new Crash();
    return output;
  }

  /** As the HTTP API does it, all at once. */
  async #delete(): Promise<void> {
    const { sessions, memory, sockets: connections } = this;
    await deleteSession({ sessions, memory, connections, clearLog: this.#clearLog }, session_id, this.#now);
    for (const id of await connections.list()) await connections.remove({ connection_id: id, session_id });
  }

  readonly #clearLog = async (): Promise<void> => {
    this.log.slots.clear();
    this.markers.markers.clear();
    this.traces.length = 0;
  };

  #invocation(): Invocation {
    return { logger: silent, requestId: randomUUID(), remainingMs: () => 60_000 };
  }

  #record(topic: string, value: unknown, trail: Trail): object {
    const headers = Object.entries(trailHeaders(trail)).map(([name, text]) => ({ [name]: [...Buffer.from(text)] }));
    const base = { topic, partition: 0, offset: this.operations, timestamp: this.#now, timestampType: 'CREATE_TIME' };
    const [key, body] = [session_id, JSON.stringify(value)].map((text) => Buffer.from(text).toString('base64'));
    return {
      eventSource: 'aws:kafka',
      eventSourceArn: 'arn',
      records: { [`${topic}-0`]: [{ ...base, key, value: body, headers }] },
    };
  }

  /** Hands a record to its consumer's event source, as one outside operation. */
  readonly #produce =
    (topic: string, name: string, consume: (event: object) => Promise<unknown>) =>
    async (value: unknown, trail: Trail): Promise<void> => {
      const event = this.#record(topic, value, trail);
      await this.#operation(() => this.#queue.push({ name, run: async () => this.#consumed(await consume(event)) }));
    };

  #consumed(outcome: unknown): void {
    const { batchItemFailures = [] } = (outcome ?? {}) as { batchItemFailures?: unknown[] };
    // A record that is reported is delivered again, as after a crash of the whole function.
    if (batchItemFailures.length > 0) throw new Crash();
  }

  #stores() {
    return {
      sessions: this.#guarded(this.sessions),
      log: this.#guarded(this.log),
      markers: this.#guarded(this.markers),
      memory: this.#guarded(this.memory),
      connections: this.#guarded(this.sockets),
      sockets: this.#guarded(this.sockets),
    };
  }

  readonly message = createMessage({
    ...this.#stores(),
    now: () => new Date(this.#now),
    publish: this.#produce('chat-requests', 'supervisor', async (event) => this.#supervise(event, this.#invocation())),
    broadcast: async (id, frames) =>
      this.#invoke('responder', () => this.#respond({ action: 'deliver', session_id: id, frames }, this.#invocation())),
  });

  readonly #supervise = createSupervise({
    ...this.#stores(),
    failureMode: 'report',
    graph: createSupervisorGraph(),
    agents: { call: async (_agent, call) => this.#invoke('conversation', () => this.#call(call)) },
    responses: {
      publish: this.#produce('chat-responses', 'responder', async (event) => this.#respond(event, this.#invocation())),
    },
    setAside: async () => undefined,
    broadcast: async (id, frames) =>
      this.#invoke('responder', () => this.#respond({ action: 'deliver', session_id: id, frames }, this.#invocation())),
    recall: async (id, seq) => this.#stores().memory.find(id, seq),
    now: () => this.#now,
    newId: randomUUID,
    answerId: (id, seq) => nameUuid(`${id} ${seq}`),
    settings: { dispatchLeaseMs: 30_000, resumeLeaseMs: 30_000, maxAttempts: 3, maxAgeMs: 3_600_000 },
  });

  readonly #converse = createConverse({
    ...this.#stores(),
    graph: async () => {
      this.modelCalls += 1;
      const model = new FakeListChatModel({ responses: ['a fine answer'] });
      return createConversationGraph(model as unknown as ChatOpenAI, { idleMs: 5_000, totalMs: 5_000 });
    },
    now: () => this.#now,
    newId: randomUUID,
  });

  readonly #respond = createRespond({
    ...this.#stores(),
    failureMode: 'report',
    clearLog: async () => this.#operation(this.#clearLog),
    keepTrace: async (_id, _message, trail) => this.#operation(() => void this.traces.push(trail)),
    advance: async (id) =>
      this.#invoke('supervisor', () => this.#supervise({ action: 'advance', session_id: id }, this.#invocation())),
    setAside: async () => undefined,
  });

  readonly #sweep = createSweep({
    ...this.#stores(),
    clearLog: async () => this.#operation(this.#clearLog),
    publish: this.#produce('chat-requests', 'supervisor', async (event) => this.#supervise(event, this.#invocation())),
    now: () => this.#now,
  });

  async #invoke(name: string, run: () => Promise<unknown>): Promise<void> {
    await this.#operation(() => this.#queue.push({ name, run: async () => void (await run()) }));
  }

  /** The conversation function under an asynchronous invocation with destinations. */
  async #call(call: object): Promise<void> {
    const context = (condition: string) => ({ requestContext: { condition }, requestPayload: call });
    let outcome: object;
    try {
      outcome = { ...context('Success'), responsePayload: await this.#converse(call, this.#invocation()) };
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      outcome = context('RetriesExhausted');
    }
    this.#queue.push({
      name: 'supervisor',
      run: async () => void (await this.#supervise(outcome, this.#invocation())),
    });
  }
}
