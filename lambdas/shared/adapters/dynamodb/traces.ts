import type { Step, Trail } from '../../contracts/steps.ts';
import { sessionPartition, traceSk } from './keys.ts';
import type { Table } from './table.ts';

/** How long the way of a message can be looked at. */
const keptSeconds = 7 * 24 * 3600;

/** The ways that messages took, one item each, apart from the log: they are for looking at, and expire. */
export class DynamoDbTraces {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async keep(sessionId: string, messageId: string, { traceparent, steps }: Trail): Promise<void> {
    const expires_at = Math.floor(Date.now() / 1000) + keptSeconds;
    const key = { pk: sessionPartition(sessionId), sk: traceSk(messageId) };
    await this.#table.put({ ...key, traceparent, steps, expires_at });
  }

  async find(sessionId: string, messageId: string): Promise<Trail | undefined> {
    const item = await this.#table.get({ pk: sessionPartition(sessionId), sk: traceSk(messageId) });
    return item && { traceparent: String(item.traceparent), steps: item.steps as Step[] };
  }
}
