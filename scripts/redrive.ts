import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { topics } from '../lib/names.ts';
import { runCommandLine } from './command-line.ts';
import { findBrokers } from './kafka/brokers.ts';
import { type Command, readCommand, select, usage } from './redrive/command.ts';
import { againOf } from './redrive/dead-letter.ts';
import { type Case, DeadLetterTopics } from './redrive/dead-letter-topics.ts';
import { markRecord } from './redrive/mark.ts';
import { listed, shown, stateOf } from './redrive/view.ts';

/** Dead letters: looks at them, sends them again, drops them. What it takes stands in `usage`. */
async function redrive(command: Command): Promise<void> {
  const deadLetters = new DeadLetterTopics(findBrokers(process.env, join(import.meta.dirname, '..')));
  try {
    const cases = await deadLetters.read([topics.requestsDeadLetters, topics.responsesDeadLetters]);
    const chosen = select(cases, command);
    if (command.action === 'list') list(chosen, cases, command);
    else if (command.action === 'show')
      for (const one of chosen) console.log(JSON.stringify(shown(one, Date.now()), null, 2));
    else for (const one of chosen) console.log(await decide(deadLetters, one, command));
    if (command.action === 'send' && chosen.some((one) => !againOf(one))) process.exitCode = 1;
  } finally {
    deadLetters.close();
  }
}

function list(chosen: readonly Case[], all: readonly Case[], { json }: Command): void {
  if (json) {
    for (const one of chosen) console.log(JSON.stringify(shown(one, Date.now())));
    return;
  }
  if (chosen.length > 0) console.log(`${listed(chosen, Date.now())}\n`);
  const open = all.filter((one) => stateOf(one) === 'open').length;
  console.log(`${open} open, ${all.length - open} sent or dropped`);
}

/** Sends or drops one, and says what was done. The record goes first: a mark without it would lose the record. */
async function decide({ produce }: DeadLetterTopics, one: Case, { action, again, dryRun }: Command): Promise<string> {
  const { ref, deadLetterTopic, origin, sessionId = 'no session' } = one;
  const last = one.marks.at(-1);
  if (last && !again)
    return `${ref} was ${last.action} at ${last.at} by ${last.by}; nothing done (--again does it once more)`;
  const record = againOf(one);
  if (action === 'send' && !record) return `${ref} tells of a record and does not hold it, so it cannot be sent`;
  const done = action === 'send' ? 'sent' : 'dropped';
  const what = action === 'send' ? `${ref} to ${origin.topic} (${sessionId})` : `${ref} (${sessionId})`;
  if (dryRun) return `would be ${done}: ${what}`;
  if (action === 'send' && record) await produce(origin.topic, [record]);
  const by = `${userInfo().username}@${hostname()}`;
  await produce(deadLetterTopic, [markRecord(one, { action: done, at: new Date().toISOString(), by })]);
  return `${done}: ${what}`;
}

await runCommandLine({ usage, read: readCommand, run: redrive });
