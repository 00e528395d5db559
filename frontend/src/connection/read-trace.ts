import { asFields, type Fields, textOf } from './read-fields.ts';

/** One step of a message's way. */
export interface TraceStep {
  readonly step: string;
  readonly component: string;
  readonly action: string;
  /** Epoch milliseconds at which it was done. */
  readonly at: number;
  /** Milliseconds it took. */
  readonly ms: number;
}

export interface Trace {
  readonly steps: readonly TraceStep[];
  readonly total_ms: number;
}

/** Reads the answer of the trace route; undefined when it has no steps. */
export function readTrace(fields: Fields): Trace | undefined {
  const steps = (Array.isArray(fields.steps) ? fields.steps : []).map(readStep).filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  const first = Math.min(...steps.map(({ at, ms }) => at - ms));
  const total = typeof fields.total_ms === 'number' ? fields.total_ms : Math.max(...steps.map(({ at }) => at)) - first;
  return { steps, total_ms: total };
}

function readStep(value: unknown): TraceStep | undefined {
  const fields = asFields(value);
  if (!fields) return undefined;
  const at = typeof fields.at === 'string' ? Date.parse(fields.at) : fields.at;
  const ms = typeof fields.ms === 'number' ? fields.ms : 0;
  if (typeof at !== 'number' || !Number.isFinite(at)) return undefined;
  const [step, component] = [textOf(fields, 'step') ?? '', textOf(fields, 'component') ?? ''];
  return { step, component, action: textOf(fields, 'action') ?? '', at, ms };
}
