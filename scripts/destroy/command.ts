import { parseArgs } from 'node:util';

export const usage = `npm run destroy -- [-c stage=<stage>] [--yes] [options of "cdk destroy"]

  -c, --context <key=value>  as for deploying: the stage (dev without it), and its settings if they were given on the command line
  --yes                      do not ask`;

export interface Command {
  readonly yes: boolean;
  readonly context: Readonly<Record<string, string>>;
  /** For the CDK, whose other options (--profile) are its own matter. */
  readonly rest: readonly string[];
}

/** @throws Error that says what is wrong with the arguments */
export function readCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: { context: { type: 'string', short: 'c', multiple: true }, yes: { type: 'boolean' } },
  });
  const pairs = (values.context ?? []).map((given) => {
    const [, key, value] = /^=?([^=]+)=(.*)$/s.exec(String(given)) ?? [];
    if (key === undefined || value === undefined) throw new Error(`-c ${given}: not key=value.`);
    return [key, value] as const;
  });
  return {
    yes: values.yes === true,
    context: Object.fromEntries(pairs),
    rest: args.filter((argument) => argument !== '--yes'),
  };
}
