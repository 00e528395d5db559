import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { topics } from '../../lib/names.ts';
import type { RuntimeFile } from '../../local/data-dir.ts';
import { readSettings } from '../../local/settings.ts';
import type { ChatSocket } from '../../test/support/chat-socket.ts';
import { isEnd } from '../../test/support/frames.ts';
import { findBrokers } from '../kafka/brokers.ts';
import { type Case, DeadLetterTopics } from '../redrive/dead-letter-topics.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** Longer than an event source holds a record worth a try. */
const tooOldMs = 2 * 3_600_000;
const setAsideWithinMs = 60_000;

/** True when the brokers behind this address can be asked: they are named, or the address is of the runtime on DATA_DIR. */
export function brokersAreInReach(url: string): boolean {
  const { kafkaBrokers, dataDir } = readSettings(process.env, root);
  if (kafkaBrokers !== undefined) return true;
  const file = join(dataDir, 'runtime.json');
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as RuntimeFile).url === url;
}

/**
 * Produces a question that is too old to be delivered, waits until the event source has set it aside, sends it again with
 * `npm run redrive`, and waits for its answer. Throws with what did not happen.
 */
export async function redriveOne(socket: ChatSocket, sessionId: string, answerWithinMs: number): Promise<string> {
  const letters = new DeadLetterTopics(findBrokers(process.env, root));
  try {
    const value = { session_id: sessionId, message: 'Left lying.', timestamp: (Date.now() - tooOldMs) / 1000 };
    const record = { key: Buffer.from(sessionId), value: Buffer.from(JSON.stringify(value)), headers: [] };
    await letters.produce(topics.requests, [{ ...record, timestamp: Date.now() - tooOldMs }]);
    const { ref, reason } = await setAside(letters, sessionId);
    const answer = socket.next(isEnd, 'no answer to the record that was sent again', answerWithinMs);
    await Promise.all([answer, run(process.execPath, [join(root, 'scripts', 'redrive.ts'), 'send', ref])]);
    return reason;
  } finally {
    letters.close();
  }
}

async function setAside(letters: DeadLetterTopics, sessionId: string): Promise<Case> {
  for (const deadline = Date.now() + setAsideWithinMs; Date.now() < deadline; await delay(250)) {
    const found = (await letters.read([topics.requestsDeadLetters])).find((one) => one.sessionId === sessionId);
    if (found) return found;
  }
  throw new Error('it was not set aside');
}
