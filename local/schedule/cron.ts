/** A parsed `cron(...)` expression of EventBridge; all times are UTC. */
export interface Cron {
  /** The first match after a time, in epoch milliseconds; undefined when there is none within ten years. */
  next(after: number): number | undefined;
}

interface Field {
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const fields = {
  minute: { first: 0, last: 59 },
  hour: { first: 0, last: 23 },
  day: { first: 1, last: 31 },
  month: {
    first: 1,
    last: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  weekday: { first: 1, last: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
  year: { first: 1970, last: 2199 },
} satisfies Record<string, Field>;

/**
 * Parses `cron(minutes hours day-of-month month day-of-week year)`: numbers, names, `,` `-` `*` `/` and `?`.
 * `L`, `W` and `#` are not copied: they give undefined, like anything else that is no cron expression.
 */
export function parseCron(expression: string): Cron | undefined {
  const parts = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (parts?.length !== 6) return undefined;
  const [minute, hour, day, month, weekday, year] = parts.map((part, index) =>
    parseField(part, Object.values(fields)[index] ?? fields.minute),
  );
  if (!(minute && hour && day && month && weekday && year)) return undefined;

  const dayMatches = (date: Date) =>
    month.has(date.getUTCMonth() + 1) &&
    year.has(date.getUTCFullYear()) &&
    day.has(date.getUTCDate()) &&
    weekday.has(date.getUTCDay() + 1);

  return {
    next: (after) => {
      const start = new Date(after);
      for (let days = 0; days < 3660; days += 1) {
        const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + days));
        if (!dayMatches(date)) continue;
        for (const h of hour) {
          for (const m of minute) {
            const at = date.getTime() + h * 3_600_000 + m * 60_000;
            if (at > after) return at;
          }
        }
      }
      return undefined;
    },
  };
}

/** The values of one field in ascending order; undefined when it cannot be read. */
function parseField(text: string, field: Field): Set<number> | undefined {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range = '', step = '1', ...more] = item.split('/');
    const bounds = rangeOf(range, item.includes('/'), field);
    const by = Number(step);
    if (more.length > 0 || !bounds || !Number.isInteger(by) || by < 1) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += by) values.add(value);
  }
  return new Set([...values].sort((a, b) => a - b));
}

function rangeOf(text: string, hasStep: boolean, field: Field): [number, number] | undefined {
  if (text === '*' || text === '?') return [field.first, field.last];
  const [from = Number.NaN, to = hasStep ? field.last : from, ...more] = text
    .split('-')
    .map((one) => fieldValue(one, field));
  const isInside = from >= field.first && to <= field.last && from <= to;
  return more.length === 0 && isInside ? [from, to] : undefined;
}

function fieldValue(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  return named >= 0 ? named + field.first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
