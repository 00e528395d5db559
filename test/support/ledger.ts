import { isDeepStrictEqual } from 'node:util';
import { type DurableFrame, isEnd } from './frames.ts';

/** What a client must never see in one session: each list is empty when the promises hold. */
export interface LedgerFaults {
  /** `seq` missing between the first and the last that was seen. */
  readonly gaps: readonly number[];
  /** `seq` that came with two different contents. */
  readonly reused: readonly number[];
  /** Questions with more than one end. */
  readonly doubled: readonly string[];
  /** Questions that were accepted, in the client's or in any tab's name, and have no end. */
  readonly unanswered: readonly string[];
  /** Questions whose end comes before the end of an earlier question. */
  readonly disordered: readonly string[];
}

/** What `findFaults` finds when every promise holds. */
export const noFaults: LedgerFaults = { gaps: [], reused: [], doubled: [], unanswered: [], disordered: [] };

/** Checks everything that one client saw of one session, over all its sockets, in the order in which it came. */
export function findFaults(seen: readonly DurableFrame[], accepted: readonly string[] = []): LedgerFaults {
  const bySeq = new Map<number, DurableFrame>();
  const reused: number[] = [];
  for (const frame of seen) {
    const before = bySeq.get(frame.seq);
    if (before && !isDeepStrictEqual(content(before), content(frame))) reused.push(frame.seq);
    bySeq.set(frame.seq, frame);
  }
  const log = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const questions = log.filter(({ type }) => type === 'user').map(({ message_id }) => String(message_id));
  const answered = log.filter(isEnd).map(({ in_reply_to }) => in_reply_to);
  const ordered = questions.filter((id) => answered.includes(id));
  return {
    gaps: gapsIn(log.map(({ seq }) => seq)),
    reused,
    doubled: answered.filter((id, at) => answered.indexOf(id) !== at),
    unanswered: [...new Set([...questions, ...accepted])].filter((id) => !answered.includes(id)),
    disordered: answered.filter((id, at) => questions.includes(id) && ordered[at] !== id),
  };
}

/** A replay tells that it is one; all else of an event stays as it was. */
function content({ replay: _replay, ...event }: DurableFrame) {
  return event;
}

function gapsIn(seqs: readonly number[]): number[] {
  const [first = 1] = seqs;
  const last = seqs.at(-1) ?? 0;
  const present = new Set(seqs);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at).filter((seq) => !present.has(seq));
}
