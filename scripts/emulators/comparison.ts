/** One behaviour: what AWS documents, in a word or two, and how to see what somebody else does. */
export interface Probe<T> {
  readonly what: string;
  readonly aws: string;
  readonly observe: (target: T) => Promise<string>;
}

/** What was seen of one behaviour. */
export interface Row {
  readonly what: string;
  readonly aws: string;
  readonly emulator: string;
  /** Of our offline runtime; a dash where there is nothing to compare. */
  readonly ours: string;
}

const longestMs = 90_000;

/** Tries every behaviour on the emulator and on our runtime, one after the other. What is thrown is what was seen. */
export async function compare<T>(probes: readonly Probe<T>[], emulator: T, ours: T): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { what, aws, observe } of probes) {
    rows.push({ what, aws, emulator: await seen(() => observe(emulator)), ours: await seen(() => observe(ours)) });
  }
  return rows;
}

/** What an observation gave, or how it failed, in a line. */
export async function seen(observe: () => Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`nothing within ${longestMs / 1000} s`), longestMs);
  });
  try {
    return await Promise.race([observe(), late]);
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message.split('\n')[0]?.slice(0, 160) : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Prints the rows as a table in Markdown, as docs/offline.md carries it. */
export function printRows(emulator: string, rows: readonly Row[]): void {
  console.log(`\n| behaviour | AWS documents | ${emulator} | our runtime |\n|---|---|---|---|`);
  for (const row of rows) {
    const cell = (text: string) => (text === row.aws ? 'agrees' : text === '-' ? '' : `**${text}**`);
    console.log(`| ${row.what} | ${row.aws} | ${cell(row.emulator)} | ${cell(row.ours)} |`);
  }
  const agree = (key: 'emulator' | 'ours') => rows.filter((row) => row[key] === row.aws).length;
  const ours = rows.filter(({ ours }) => ours !== '-').length;
  console.log(
    `\n${emulator} agrees with AWS's documentation in ${agree('emulator')} of ${rows.length}, our runtime in ${agree('ours')} of ${ours}.`,
  );
}
