import { Product } from '../support/product.ts';
import type { Switchboard } from './adapters/switchboard.ts';
import type { ChatLine, ChatSystem } from './chat-system.ts';
import type { Metrics } from './metrics.ts';
import type { LoadModel } from './model.ts';
import { type Usage, usageOf } from './usage.ts';

/** How long and how often things are measured. */
export interface Effort {
  readonly rounds: number;
  /** Of one round of a load. */
  readonly seconds: number;
  /** Before many are busy at once: each worker compiles its code anew. */
  readonly warmUpSeconds: number;
  /** Turns of the session that grows. */
  readonly turns: number;
  /** Sessions of the owner who has many. */
  readonly manySessions: number;
  /** What one session's model takes while others are asked, in milliseconds. */
  readonly slowModelMs: number;
}

export const quick: Effort = {
  rounds: 2,
  seconds: 3,
  warmUpSeconds: 3,
  turns: 60,
  manySessions: 150,
  slowModelMs: 4_000,
};
export const full: Effort = {
  rounds: 5,
  seconds: 12,
  warmUpSeconds: 60,
  turns: 1_000,
  manySessions: 10_000,
  slowModelMs: 30_000,
};

/** What a load has to work with. */
export interface Bench {
  readonly system: ChatSystem;
  readonly model: LoadModel;
  readonly metrics: Metrics;
  readonly effort: Effort;
  /** Of the system's processes; undefined where that can't be told. */
  usage(): Usage | undefined;
  say(line: string): void;
}

/** A bench of the product itself, which more can be measured of than of a system behind an address. */
export interface ProductBench extends Bench {
  readonly product: Product;
  readonly system: Switchboard;
}

/** Makes a question that no other has been. */
export function questions(prefix: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix} ${count}`;
  };
}

/** Opens lines, some at a time: a browser's worth of people does not arrive in one millisecond either. */
export async function openLines(system: ChatSystem, count: number): Promise<ChatLine[]> {
  const lines: ChatLine[] = [await system.open()];
  while (lines.length < count) {
    const some = Math.min(10, count - lines.length);
    lines.push(...(await Promise.all(Array.from({ length: some }, () => system.open()))));
  }
  return lines;
}

export async function closeLines(lines: readonly ChatLine[]): Promise<void> {
  await Promise.all(lines.map((line) => line.close()));
}

/** Starts the product with the model stub, on the parts that the environment names or the embedded ones. */
export async function startProduct(
  model: LoadModel,
  env: Readonly<Record<string, string>> = {},
): Promise<{ product: Product; readyMs: number }> {
  const since = performance.now();
  const product = await Product.start({ env: { ...model.env, ...env } });
  return { product, readyMs: performance.now() - since };
}

export function productUsage(product: Product): Usage | undefined {
  return usageOf(product.runtime.pid);
}
