import { parseArgs } from 'node:util';

export const usage = `npm run topics                     what is in the topics, and how far their consumers are
npm run topics -- <topic>          its latest records, oldest first

  --last <n>                       so many records; 20 unless told
  --session <id>                   only those with this key
  --follow                         go on with what comes
  --json                           whole, with headers, as JSON lines
Brokers: KAFKA_BROKERS, else those of the runtime on DATA_DIR. On AWS: KAFKA_AUTH=iam and credentials in the environment.`;

export interface Command {
  /** None for the overview. */
  readonly topic: string | undefined;
  readonly last: number;
  readonly session: string | undefined;
  readonly follow: boolean;
  readonly json: boolean;
}

/** @throws Error that says what is wrong with the arguments */
export function readCommand(args: readonly string[]): Command {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { last: { type: 'string', default: '20' }, session: { type: 'string' }, follow: flag, json: flag },
  });
  const [topic, ...others] = positionals;
  if (others.length > 0) throw new Error('One topic at a time.');
  if (!/^\d{1,9}$/.test(values.last)) throw new Error(`--last ${values.last} is no number of records.`);
  const { session, follow, json } = values;
  if (topic === undefined && (session !== undefined || follow || json)) throw new Error('The records of which topic?');
  return { topic, last: Number(values.last), session, follow, json };
}
