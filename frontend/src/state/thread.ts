import type { StatusFrame } from '../connection/frames.ts';
import { type Conversation, type End, isOpen, type Live, type Pending, type Turn } from './conversation.ts';
import { atStart } from './reduce.ts';

/** One question with its answer, as it is shown. */
export interface Exchange {
  /** The question's message id: the same before and after the server has it. */
  readonly key: string;
  readonly question: string | undefined;
  readonly at: string | undefined;
  /** Set until the question's own event has come. */
  readonly pending: Pending | undefined;
  readonly turn: Turn | undefined;
  /** The end that is shown; none while a run is under way. */
  readonly end: End | undefined;
  readonly endIndex: number;
  readonly live: Live | undefined;
  readonly status: StatusFrame | undefined;
  readonly running: boolean;
  readonly stopping: boolean;
  /** Message ids of the question's wordings, this one included. */
  readonly wordings: readonly string[];
}

/** What is shown of a conversation: the chosen, else the latest, wording of each question; then what is on its way. */
export function thread(conversation: Conversation): Exchange[] {
  const children = Map.groupBy(conversation.turns, ({ parent }) => parent ?? atStart);
  const path: Exchange[] = [];
  for (let at = atStart; ; ) {
    const wordings = children.get(at) ?? [];
    const chosen = conversation.chosenTurn.get(at);
    const turn = wordings.find(({ message_id }) => message_id === chosen) ?? wordings.at(-1);
    if (!turn) break;
    path.push(
      shown(
        conversation,
        turn,
        wordings.map(({ message_id }) => message_id),
      ),
    );
    at = turn.message_id;
  }
  for (const pending of conversation.outbox) {
    const replaced = path.findIndex(({ key }) => key === pending.replaces);
    if (replaced >= 0) path.length = replaced;
    path.push(onItsWay(conversation, pending));
  }
  return path;
}

function shown(conversation: Conversation, turn: Turn, wordings: readonly string[]): Exchange {
  const id = turn.message_id;
  const live = conversation.live.get(id);
  const status = conversation.status.get(id);
  const running = isOpen(turn) || live !== undefined || status !== undefined || conversation.again.has(id);
  const chosen = conversation.chosenEnd.get(id);
  const endIndex = chosen ?? (running ? turn.ends.length : turn.ends.length - 1);
  return {
    key: id,
    question: turn.question,
    at: turn.at,
    pending: undefined,
    turn,
    end: turn.ends[endIndex],
    endIndex,
    live,
    status,
    running,
    stopping: conversation.stopping.has(id),
    wordings,
  };
}

function onItsWay(conversation: Conversation, pending: Pending): Exchange {
  const id = pending.message_id;
  return {
    key: id,
    question: pending.message,
    at: pending.created_at,
    pending,
    turn: undefined,
    end: undefined,
    endIndex: 0,
    live: conversation.live.get(id),
    status: conversation.status.get(id),
    running: pending.state === 'accepted',
    stopping: conversation.stopping.has(id),
    wordings: [id],
  };
}

/** The exchange whose answer is being made, if any: what "stop" stops. */
export function running(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges.find((exchange) => exchange.running);
}
