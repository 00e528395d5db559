import type { Exchange, Memory } from '../../domain/memory.ts';
import { exchangeKey, sessionPartition } from './keys.ts';
import type { Table } from './table.ts';

/** The LLM memory in a table of its own: one item per exchange. */
export class DynamoDbMemory implements Memory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async recent(sessionId: string, limit: number): Promise<Exchange[]> {
    const items = await this.#table.query({ pk: sessionPartition(sessionId), limit, reverse: true });
    return items.reverse().map(({ pk: _pk, sk: _sk, ...exchange }) => exchange as unknown as Exchange);
  }

  async put(sessionId: string, exchange: Exchange): Promise<void> {
    await this.#table.put({ ...exchange, ...exchangeKey(sessionId, exchange.seq) });
  }

  async forget(sessionId: string, seq: number, before: number): Promise<void> {
    const { pk, sk: from } = exchangeKey(sessionId, seq);
    await this.#table.clear({ pk, from, to: exchangeKey(sessionId, before - 1).sk });
  }

  async clear(sessionId: string): Promise<void> {
    await this.#table.clear({ pk: sessionPartition(sessionId) });
  }
}
