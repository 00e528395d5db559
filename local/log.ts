import { readableLine } from './readable-line.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

const order: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** Lines for the person in front of the terminal. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** A line that a function wrote: its JSON is made readable, anything else stays as it is. */
  line(text: string): void;
  /** The same log, with the name of a part of the runtime in each line. */
  for(component: string): Log;
}

/** A log that hands finished lines to `write`; lines below `level` are dropped, those of functions are kept. */
export function createLog(write: (line: string) => void, level: Level = 'info', component = 'runtime'): Log {
  const put = (at: Level, message: string): void => {
    if (order[at] >= order[level]) {
      write(readableLine({ level: at, component, message, time: new Date().toISOString() }));
    }
  };
  return {
    debug: (message) => put('debug', message),
    info: (message) => put('info', message),
    warn: (message) => put('warn', message),
    error: (message) => put('error', message),
    line: (text) => write(parsed(text, component)),
    for: (name) => createLog(write, level, name),
  };
}

function parsed(text: string, component: string): string {
  if (!text.startsWith('{')) return text;
  try {
    return readableLine({ component, ...(JSON.parse(text) as Record<string, unknown>) });
  } catch {
    return text;
  }
}
