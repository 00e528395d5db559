import type { Connection, Connections } from '../../../lambdas/shared/domain/connections.ts';
import type { Sockets } from '../../../lambdas/shared/domain/delivery.ts';
import type { Exchange, Memory } from '../../../lambdas/shared/domain/memory.ts';

/** The LLM memory of one session. */
export class InMemoryMemory implements Memory {
  exchanges: Exchange[] = [];

  async recent(_sessionId: string, before: number, limit: number): Promise<Exchange[]> {
    return this.exchanges.filter(({ seq }) => seq < before).slice(-limit);
  }

  async find(_sessionId: string, seq: number): Promise<Exchange | undefined> {
    return this.exchanges.find((exchange) => exchange.seq === seq);
  }

  async put(_sessionId: string, exchange: Exchange): Promise<void> {
    const others = this.exchanges.filter(({ seq }) => seq !== exchange.seq);
    this.exchanges = [...others, exchange].sort((a, b) => a.seq - b.seq);
  }

  async forget(_sessionId: string, from: number, before: number): Promise<void> {
    this.exchanges = this.exchanges.filter(({ seq }) => seq < from || seq >= before);
  }

  async clear(): Promise<void> {
    this.exchanges = [];
  }
}

/** Sockets of one session, and what was posted to them. */
export class InMemorySockets implements Connections, Sockets {
  readonly posted = new Map<string, string[]>();
  readonly #session: string;

  constructor(session: string) {
    this.#session = session;
  }

  async add({ connection_id }: Connection): Promise<void> {
    this.posted.set(connection_id, []);
  }

  async sessionOf(connectionId: string): Promise<string | undefined> {
    return this.posted.has(connectionId) ? this.#session : undefined;
  }

  async list(): Promise<string[]> {
    return [...this.posted.keys()];
  }

  async remove({ connection_id }: Connection): Promise<void> {
    this.posted.delete(connection_id);
  }

  async removeGone(connection: Connection): Promise<void> {
    await this.remove(connection);
  }

  async post(connectionId: string, data: string): Promise<'sent' | 'gone'> {
    const frames = this.posted.get(connectionId);
    frames?.push(data);
    return frames ? 'sent' : 'gone';
  }

  async close(connectionId: string): Promise<void> {
    this.posted.delete(connectionId);
  }
}
