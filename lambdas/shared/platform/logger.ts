import { settingOr } from './env.ts';

const levels = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type Level = keyof typeof levels;
export type Fields = Readonly<Record<string, unknown>>;

/** Writes one JSON object per line, as CloudWatch and the offline runtime read it. */
export interface Logger {
  log(level: Level, step: string, fields?: Fields): void;
  /** A logger that adds these fields to each line. */
  with(fields: Fields): Logger;
}

const threshold = levels[settingOr('LOG_LEVEL', 'info').toLowerCase() as Level] ?? levels.info;

/** The logger of a function; `component` is its name in the contract. */
export function createLogger(component: string, bound: Fields = {}): Logger {
  return {
    log(level, step, fields = {}) {
      if (levels[level] < threshold) return;
      const line = { level, time: new Date().toISOString(), component, step, ...bound, ...plain(fields) };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
    with: (fields) => createLogger(component, { ...bound, ...fields }),
  };
}

/** Errors as their name, message and stack: JSON would write them as `{}`. */
function plain(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? describe(value) : value]),
  );
}

function describe(error: Error): Fields {
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause instanceof Error && { cause: describe(cause) }) };
}
