import { runCommand } from './command.ts';

/** Runs `npm run redrive -- <args>` against the runtime on a data folder. */
export const redrive = (dataDir: string, ...args: readonly string[]): Promise<string> =>
  runCommand('redrive', dataDir, args);

/** A dead letter as `list --json` and `show` print it. */
export interface ShownDeadLetter {
  readonly record: string;
  readonly state: string;
  readonly reason: string;
  readonly origin: { readonly topic: string };
  readonly session_id: string;
  readonly can_be_sent: boolean;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What `list` finds of one session, or of one key. */
export async function deadLettersOf(dataDir: string, session: string): Promise<ShownDeadLetter[]> {
  const lines = await redrive(dataDir, 'list', '--all', '--json', '--session', session);
  return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as ShownDeadLetter);
}
