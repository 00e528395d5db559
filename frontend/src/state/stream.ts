import type { DeltaFrame, StatusFrame } from '../connection/frames.ts';
import { withEntry } from './collections.ts';
import { type Conversation, isOpen, type Live } from './conversation.ts';

const nothing: Live = { attempt: 0, run: undefined, early: new Map(), next: 0, text: '' };

/** Answers that may be streaming without their question being known here; more are not kept. */
const maxUnknown = 8;

/** Takes a piece of an answer, in any order; a higher attempt starts again. */
export function stream(conversation: Conversation, frame: DeltaFrame): Conversation {
  const { in_reply_to, attempt, run } = frame;
  if (!isExpected(conversation, in_reply_to, run)) return conversation;
  const before = conversation.live.get(in_reply_to);
  if (!before && conversation.live.size >= maxUnknown) return conversation;
  const newer = !before || (run ?? 0) > (before.run ?? 0) || attempt > before.attempt;
  if (before && !newer && attempt < before.attempt) return conversation;
  const live = add(newer ? { ...nothing, attempt, run } : before, frame);
  return live === before ? conversation : { ...conversation, live: withEntry(conversation.live, in_reply_to, live) };
}

function add(live: Live, { index, from = index, text }: DeltaFrame): Live {
  if (index < live.next) return live;
  // Everything written so far: what the server sends to one who comes late, or who missed a piece and resumes.
  if (from === 0) return advance({ ...live, text, next: index + 1 });
  if (from === live.next) return advance({ ...live, text: live.text + text, next: index + 1 });
  return from === index ? { ...live, early: withEntry(live.early, index, text) } : live;
}

function advance(live: Live): Live {
  const early = new Map(live.early);
  let { next, text } = live;
  for (const index of [...early.keys()].sort((a, b) => a - b)) {
    if (index > next) break;
    if (index === next) {
      text += early.get(index) ?? '';
      next += 1;
    }
    early.delete(index);
  }
  return { ...live, early, next, text };
}

/** Takes news of a run. */
export function note(conversation: Conversation, frame: StatusFrame): Conversation {
  const { in_reply_to, state, run } = frame;
  if (!isExpected(conversation, in_reply_to, run)) return conversation;
  const before = conversation.status.get(in_reply_to);
  // A place in the queue that was overtaken by the start is no news.
  const overtaken = state === 'queued' && (conversation.live.has(in_reply_to) || (before && before.state !== 'queued'));
  return overtaken ? conversation : { ...conversation, status: withEntry(conversation.status, in_reply_to, frame) };
}

/** False for what is left of a run that has ended. */
function isExpected(conversation: Conversation, messageId: string, run: number | undefined): boolean {
  const turn = conversation.turns.find(({ message_id }) => message_id === messageId);
  if (!turn) return true;
  if (isOpen(turn)) return run === undefined || run >= turn.run;
  const lastEnd = turn.ends.at(-1)?.seq ?? 0;
  return run === undefined ? conversation.again.has(messageId) : run > lastEnd;
}
