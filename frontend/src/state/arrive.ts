import type { Durable, LargeFrame, PartFrame } from '../connection/frames.ts';
import { readDurable } from '../connection/read-durable.ts';
import { parseObject } from '../connection/read-fields.ts';
import { apply } from './apply.ts';
import { withEntry, withoutKey } from './collections.ts';
import type { Conversation } from './conversation.ts';

/** Takes a durable event that came in any order, once: applies it with all that waited for it, or keeps it waiting. */
export function arrive(conversation: Conversation, event: Durable): Conversation {
  if (event.seq <= conversation.lastSeq) return conversation;
  const known = learn(conversation, event.seq);
  return drain({ ...known, held: withEntry(known.held, event.seq, event) });
}

/** Notes that an event exists. */
export function learn(conversation: Conversation, seq: number): Conversation {
  return seq > conversation.knownSeq ? { ...conversation, knownSeq: seq } : conversation;
}

function drain(conversation: Conversation): Conversation {
  let current = conversation;
  for (let next = current.held.get(current.lastSeq + 1); next; next = current.held.get(current.lastSeq + 1)) {
    const { seq } = next;
    const applied = apply(current, next);
    current = {
      ...applied,
      held: withoutKey(applied.held, seq),
      parts: withoutKey(applied.parts, seq),
      large: withoutKey(applied.large, seq),
    };
  }
  return current;
}

/** Takes a slice of an event, and the event once it is whole. */
export function arriveInPart(conversation: Conversation, frame: PartFrame): Conversation {
  const { seq, of } = frame;
  if (seq <= conversation.lastSeq || conversation.held.has(seq)) return conversation;
  const known = learn(conversation, seq);
  const before = known.parts.get(seq);
  // A replay may slice differently from the push: slices of two cuts do not mix.
  const got = withEntry(before?.of === of ? before.got : new Map<number, string>(), frame.part, frame.data);
  if (got.size < of) return { ...known, parts: withEntry(known.parts, seq, { of, got }) };
  const json = Array.from({ length: of }, (_, index) => got.get(index + 1) ?? '').join('');
  const rest = { ...known, parts: withoutKey(known.parts, seq) };
  const fields = parseObject(json);
  const event = fields && readDurable(fields);
  return event?.seq === seq ? arrive(rest, event) : rest;
}

/** Notes where an event can be fetched that is too big for the socket. */
export function arriveByReference(conversation: Conversation, { seq, href }: LargeFrame): Conversation {
  if (seq <= conversation.lastSeq || conversation.held.has(seq)) return conversation;
  const known = learn(conversation, seq);
  return { ...known, large: withEntry(known.large, seq, href) };
}

/**
 * Takes a page of the transcript: all that is shown of the events after `since` and up to `upTo`. What is missing
 * between them has nothing to show.
 */
export function arriveAsPage(
  conversation: Conversation,
  since: number,
  rows: readonly Durable[],
  upTo: number,
): Conversation {
  if (since > conversation.lastSeq || upTo <= conversation.lastSeq) return conversation;
  const shown = new Map([...conversation.held, ...rows.map((row) => [row.seq, row] as const)]);
  const passed = [...shown.values()]
    .filter(({ seq }) => seq > conversation.lastSeq && seq <= upTo)
    .sort((a, b) => a.seq - b.seq);
  const applied = passed.reduce(apply, learn(conversation, upTo));
  return drain(forget({ ...applied, lastSeq: upTo }));
}

/** Drops what was kept of events that have been passed. */
function forget(conversation: Conversation): Conversation {
  const after = <T>(map: ReadonlyMap<number, T>) => new Map([...map].filter(([seq]) => seq > conversation.lastSeq));
  return {
    ...conversation,
    held: after(conversation.held),
    parts: after(conversation.parts),
    large: after(conversation.large),
  };
}
