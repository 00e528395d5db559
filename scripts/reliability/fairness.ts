import { type BilledTime, measureBilledTime } from '../../test/support/billed-time.ts';
import { ChatClient } from '../../test/support/chat-client.ts';
import { type Condition, measureFairness, percentile } from '../../test/support/fairness.ts';
import { startProductInProcess } from '../../test/support/product-in-process.ts';
import { startProductWithModel } from '../../test/support/product-with-model.ts';

/** How long turns take while somebody else is slow or sends poison. Times in milliseconds. */
export interface FairnessReport {
  readonly talkers: number;
  readonly thinkMs: number;
  readonly modelMs: number;
  readonly blockMs: number;
  readonly rows: readonly {
    readonly condition: Condition;
    readonly turns: number;
    readonly p50: number;
    readonly p99: number;
    /** Median of the blocks' own p99: what one stall of the machine cannot move. */
    readonly blockP99: number;
  }[];
}

/** What functions are billed for in one turn, at a model that takes `modelMs`. */
export interface BilledReport {
  readonly modelMs: number;
  readonly turns: number;
  readonly rows: readonly BilledTime[];
}

const conditions: readonly Condition[] = ['calm', 'slow model', 'poison'];

/**
 * Fifty people talk; the conditions take turns, in a new order each round, so that what the machine does besides hits
 * all of them alike. The slow session's model takes as long as a block: half a minute.
 */
export async function measureOthers(rounds: number, blockMs: number): Promise<FairnessReport> {
  const { product, model, dispose } = await startProductWithModel();
  try {
    const setting = { talkers: 50, thinkMs: 6_000, modelMs: 100 };
    const order = Array.from({ length: rounds }, (_, round) =>
      conditions.map((_one, at) => conditions[(at + round) % 3]),
    );
    const counted = order.flat().map((condition = 'calm') => ({ condition, ms: blockMs }));
    // Not counted: until workers and compiled code have settled, turns take a quarter more of the processor.
    const blocks = [...conditions.map((condition) => ({ condition, ms: blockMs })), ...counted];
    const client = new ChatClient(product.url);
    const measured = await measureFairness({
      ...setting,
      client,
      brokers: product.runtime.kafka_brokers,
      model,
      blocks,
    });
    const rows = conditions.map((condition) => {
      const own = measured.slice(conditions.length).filter((block) => block.condition === condition);
      const ms = own.flatMap((block) => block.ms);
      const p99s = own.map((block) => percentile(block.ms, 0.99));
      const [p50, p99, blockP99] = [percentile(ms, 0.5), percentile(ms, 0.99), percentile(p99s, 0.5)];
      return { condition, turns: ms.length, p50, p99, blockP99 };
    });
    return { ...setting, blockMs, rows };
  } finally {
    await dispose();
  }
}

/** One turn after the other, so that none waits for another's worker. */
export async function measureBilling(turns: number, modelMs: number): Promise<BilledReport> {
  const product = await startProductInProcess();
  try {
    const components = ['ws-message', 'supervisor', 'conversation', 'responder'];
    const all: BilledTime[] = [];
    for (let turn = 0; turn < turns; turn += 1) all.push(...(await measureBilledTime(product, 1, modelMs, components)));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const rows = components.map((component) => {
      const own = all.filter((one) => one.component === component);
      return {
        component,
        invocations: mean(own.map(({ invocations }) => invocations)),
        ms: mean(own.map(({ ms }) => ms)),
      };
    });
    return { modelMs, turns, rows };
  } finally {
    await product.stop();
  }
}
