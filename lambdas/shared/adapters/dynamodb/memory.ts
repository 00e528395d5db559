import type { Exchange, Memory } from '../../domain/memory.ts';
import { exchangeKey, sessionPartition } from './keys.ts';
import { longTextBytes, putText, type TextPlace, withText } from './long-text.ts';
import type { Item, Table } from './table.ts';

/** The LLM memory in a table of its own: one item per exchange. */
export class DynamoDbMemory implements Memory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async recent(sessionId: string, before: number, limit: number): Promise<Exchange[]> {
    const { pk, sk: to } = exchangeKey(sessionId, before - 1);
    const newest = await this.#table.query({ pk, from: 'X#', to, limit, reverse: true });
    const long = newest.findIndex((item) => longTextBytes(item) > 0);
    return newest
      .slice(0, long === -1 ? newest.length : long)
      .reverse()
      .map(toExchange);
  }

  async find(sessionId: string, seq: number): Promise<Exchange | undefined> {
    const item = await this.#table.get(exchangeKey(sessionId, seq));
    return item && toExchange(await withText(this.#table, place(item.pk, item.request_seq), 'answer', item));
  }

  async put(sessionId: string, exchange: Exchange): Promise<void> {
    const key = exchangeKey(sessionId, exchange.seq);
    const text = await putText(this.#table, place(key.pk, exchange.request_seq), 'answer', exchange.answer);
    await this.#table.put({ ...exchange, ...text, ...key });
  }

  async forget(sessionId: string, seq: number, before: number): Promise<void> {
    const { pk, sk: from } = exchangeKey(sessionId, seq);
    await this.#table.clear({ pk, from, to: exchangeKey(sessionId, before - 1).sk });
  }

  async clear(sessionId: string): Promise<void> {
    await this.#table.clear({ pk: sessionPartition(sessionId) });
  }
}

function toExchange({ pk: _pk, sk: _sk, ...exchange }: Item): Exchange {
  return exchange as unknown as Exchange;
}

/** Parts belong to a request: an answer that was asked for again does not overwrite what the earlier one points at. */
function place(pk: unknown, requestSeq: unknown): TextPlace {
  return { pk: String(pk), prefix: String(requestSeq) };
}
