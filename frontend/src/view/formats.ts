import { language } from '../strings.ts';

const whole = new Intl.NumberFormat(language);
const brief = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** US dollars. */
export function formatCost(cost: number): string {
  return dollars.format(cost);
}

/** A duration in milliseconds, in seconds. */
export function formatSeconds(ms: number): string {
  return brief.format(ms / 1000);
}

/** A duration in milliseconds, with its unit. */
export function formatDuration(ms: number): string {
  return ms < 1_000 ? `${whole.format(Math.round(ms))} ms` : `${brief.format(ms / 1000)} s`;
}

/** A moment in ISO 8601; empty for none. */
export function formatMoment(iso: string | undefined): string {
  const at = new Date(iso ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? '' : moment.format(at);
}
