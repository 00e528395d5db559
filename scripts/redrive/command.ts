import { parseArgs } from 'node:util';
import type { Case } from './dead-letter-topics.ts';
import { stateOf } from './view.ts';

export const usage = `npm run redrive -- <command> [options]

  list                     what is open; --all: and what was sent or dropped
  show   <record>...       the record whole, as JSON
  send   <record>...       produces it to its topic again, and marks it as sent
  drop   <record>...       marks it as dropped

A record is named as list names it, topic:partition:offset. Instead of names, send and drop take --all (all that are open).
  --topic <name>           only this dead-letter topic
  --session <id>           only this session's
  --reason <text>          only those whose reason contains this
  --dry-run                say what would be done, and do nothing
  --again                  also what was sent or dropped already
  --json                   list as JSON lines
Brokers: KAFKA_BROKERS, else those of the runtime on DATA_DIR. On AWS: KAFKA_AUTH=iam and credentials in the environment.`;

const actions = ['list', 'show', 'send', 'drop'] as const;

export interface Command {
  readonly action: (typeof actions)[number];
  readonly refs: readonly string[];
  readonly all: boolean;
  readonly again: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly topic: string | undefined;
  readonly session: string | undefined;
  readonly reason: string | undefined;
}

/** @throws Error that says what is wrong with the arguments */
export function readCommand(args: readonly string[]): Command {
  const flag = { type: 'boolean', default: false } as const;
  const word = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { all: flag, again: flag, 'dry-run': flag, json: flag, topic: word, session: word, reason: word },
  });
  const [first, ...refs] = positionals;
  const action = actions.find((name) => name === first);
  if (!action) throw new Error(`What is to be done? ${actions.join(', ')}.`);
  if (action === 'list' && refs.length > 0) throw new Error('list takes no records.');
  if (action !== 'list' && refs.length === 0 && !(values.all && action !== 'show')) {
    throw new Error(`${action} which records?${action === 'show' ? '' : ' Name them, or say --all.'}`);
  }
  const { all, again, json, topic, session, reason } = values;
  return { action, refs, all, again, dryRun: values['dry-run'], json, topic, session, reason };
}

/** The dead letters that a command is about. @throws Error for a name that none has */
export function select(cases: readonly Case[], command: Command): Case[] {
  const unknown = command.refs.find((ref) => !cases.some((one) => one.ref === ref));
  if (unknown !== undefined) throw new Error(`There is no dead letter ${unknown}.`);
  const { action, refs, all, again, topic, session, reason } = command;
  const wantsHandled = action === 'list' ? all : again;
  return cases.filter(
    (one) =>
      (refs.length > 0 ? refs.includes(one.ref) : wantsHandled || stateOf(one) === 'open') &&
      (topic === undefined || one.deadLetterTopic === topic) &&
      (session === undefined || one.sessionId === session) &&
      (reason === undefined || one.reason.includes(reason)),
  );
}
