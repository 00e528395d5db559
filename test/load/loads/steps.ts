import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductBench } from '../bench.ts';
import { questions } from '../bench.ts';
import { median } from '../percentiles.ts';

/** Where a turn is, on average, when a step is done. */
export interface StepTime {
  readonly step: string;
  /** Milliseconds since the question came, and since the step before; means, as steps are stamped in whole milliseconds. */
  readonly atMs: number;
  readonly tookMs: number;
}

interface Traced {
  readonly steps: readonly {
    readonly component: string;
    readonly step: string;
    readonly at: number;
    readonly ms: number;
  }[];
}

const turns = 40;

/** Between two turns, in milliseconds: a session that is asked again before it is released starts another way. */
const pauseMs = 60;

/** One turn by step, from the traces that the product keeps itself. */
export async function steps({ system, model }: ProductBench): Promise<StepTime[]> {
  model.pace = { delayMs: 0, words: 40 };
  const line = await system.open();
  const next = questions('steps');
  for (let turn = 0; turn < turns + 10; turn += 1) {
    await line.ask(next());
    await sleep(pauseMs);
  }
  const { body } = await system.client.call<{ messages: { role: string; message_id: string }[] }>(
    'GET',
    `/api/sessions/${line.id}/messages?limit=100`,
  );
  const asked = body.messages.filter(({ role }) => role === 'user').slice(-turns);
  const traces = await Promise.all(
    asked.map(async ({ message_id }) => {
      const path = `/api/sessions/${line.id}/trace/${message_id}`;
      return (await system.client.call<Traced>('GET', path)).body.steps;
    }),
  );
  await line.close();
  return averaged(traces.filter((trace) => trace !== undefined));
}

function averaged(traces: readonly Traced['steps'][]): StepTime[] {
  const usual = median(traces.map(({ length }) => length));
  const alike = traces.filter(({ length }) => length === usual);
  let before = 0;
  return (alike[0] ?? []).map(({ component, step }, index) => {
    const times = alike.map((trace) => (trace[index]?.at ?? 0) - ((trace[0]?.at ?? 0) - (trace[0]?.ms ?? 0)));
    const atMs = times.reduce((sum, value) => sum + value, 0) / times.length;
    const tookMs = atMs - before;
    before = atMs;
    return { step: `${component}: ${step}`, atMs, tookMs };
  });
}
