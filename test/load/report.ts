import type { StepTime } from './loads/steps.ts';
import { type Metric, meets } from './metrics.ts';

const digits: Readonly<Partial<Record<Metric['unit'], number>>> = { KiB: 0, MB: 0, x: 2, $: 2 };

function number(value: number, unit: Metric['unit']): string {
  return `${value.toFixed(digits[unit] ?? (Math.abs(value) >= 1000 ? 0 : 1))}${unit === '' ? '' : ` ${unit}`}`;
}

/** A table for people, in Markdown, so that it can be put into a document as it is. */
export function metricTable(metrics: readonly Metric[]): string {
  const rows = metrics.map((metric) => {
    const { name, value, unit, rounds, target, better } = metric;
    const range = rounds.length > 1 ? `${number(Math.min(...rounds), '')}-${number(Math.max(...rounds), '')}` : '';
    const bound = target === undefined ? '' : `${better === 'less' ? '≤' : '≥'} ${number(target, unit)}`;
    return `| ${name} | ${number(value, unit)} | ${range} | ${bound} | ${target === undefined ? '' : meets(metric) ? 'met' : 'missed'} |`;
  });
  return ['| figure | median | rounds | target | |', '|---|---:|---:|---:|---|', ...rows].join('\n');
}

export function stepTable(steps: readonly StepTime[]): string {
  const rows = steps.map(({ step, atMs, tookMs }) => `| ${step} | ${tookMs.toFixed(1)} | ${atMs.toFixed(1)} |`);
  return ['| step | ms | done after |', '|---|---:|---:|', ...rows].join('\n');
}
