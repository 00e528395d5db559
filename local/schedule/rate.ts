const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** The period of `rate(5 minutes)` in milliseconds; undefined when the text is no rate expression. */
export function ratePeriodMs(expression: string): number | undefined {
  const match = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  const [, count, unit = '', plural] = match ?? [];
  const value = Number(count);
  if (!match || value < 1 || (value === 1) !== (plural === '')) return undefined;
  return value * (units[unit] ?? 0);
}
