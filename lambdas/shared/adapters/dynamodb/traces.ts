import type { Step, Trail } from '../../contracts/steps.ts';
import { sessionPartition, traceSk } from './keys.ts';
import type { Table } from './table.ts';

/** How long the way of a message can be looked at. */
const keptSeconds = 7 * 24 * 3600;

/** A step as it is stored: in a fifth less than 1 KB for a usual way, so that it is one write unit. `after`: since the first. */
type PackedStep = [step: string, component: string, action: string, after: number, ms: number];

/** The ways that messages took, one item each, apart from the log: they are for looking at, and expire. */
export class DynamoDbTraces {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async keep(sessionId: string, messageId: string, { traceparent, steps }: Trail): Promise<void> {
    const expires_at = Math.floor(Date.now() / 1000) + keptSeconds;
    const key = { pk: sessionPartition(sessionId), sk: traceSk(messageId) };
    const began_at = Math.min(...steps.map(({ at }) => at));
    const way = JSON.stringify(
      steps.map(({ step, component, action, at, ms }) => [step, component, action, at - began_at, ms]),
    );
    await this.#table.put({ ...key, traceparent, began_at, way, expires_at });
  }

  async find(sessionId: string, messageId: string): Promise<Trail | undefined> {
    const item = await this.#table.get({ pk: sessionPartition(sessionId), sk: traceSk(messageId) });
    if (!item) return undefined;
    const began_at = Number(item.began_at);
    const steps = (JSON.parse(String(item.way)) as PackedStep[]).map(
      ([step, component, action, after, ms]): Step => ({ step, component, action, at: began_at + after, ms }),
    );
    return { traceparent: String(item.traceparent), steps };
  }
}
