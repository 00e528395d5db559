import { recordId } from '../../lambdas/shared/adapters/kafka/msk-event.ts';
import type { NewRecord, StoredRecord } from '../../local/kafka/wire/record-batch.ts';
import { header, isObject, jsonOf } from '../kafka/read.ts';
import { type EventSourceFailure, eventSourceFailure } from './event-source-failure.ts';

/** A record of a dead-letter topic that somebody has to decide about. */
export interface DeadLetter {
  /** `topic:partition:offset` in the dead-letter topic: its name in every command. */
  readonly ref: string;
  readonly deadLetterTopic: string;
  readonly key: Buffer | null;
  /** Epoch milliseconds. */
  readonly setAsideAt: number;
  readonly reason: string;
  /** Where it was read from; `partition` and `offset` where somebody noted them. */
  readonly origin: { readonly topic: string; readonly partition?: number; readonly offset?: number };
  /** What it is known by where it brings no message id; the same however often it is sent. */
  readonly recordId: string;
  readonly sessionId: string | undefined;
  /** The record as its producer sent it; undefined where the dead letter only tells about it. */
  readonly original: NewRecord | undefined;
}

const idHeader = 'record-id';
const noteHeaders = 'dead-letter-';

/**
 * Reads a record of a dead-letter topic, whoever wrote it: our function (the record itself, with notes in headers), the
 * event source (a document about the failure, with the record in it), or somebody else (no notes). Never throws.
 */
export function readDeadLetter(topic: string, partition: number, stored: StoredRecord): DeadLetter {
  const ref = `${topic}:${partition}:${stored.offset}`;
  const known = { ref, deadLetterTopic: topic, key: stored.key };
  const failure = eventSourceFailure(stored);
  return { ...known, ...(failure ? givenUp(topic, ref, stored, failure) : setAside(topic, ref, stored)) };
}

/**
 * The record to be produced to its topic: key, value and headers as they came, without the notes on its failure. Its id
 * is a header, so that the consumer knows what it has had before.
 */
export function againOf({ original, recordId: id }: DeadLetter): NewRecord | undefined {
  if (!original) return undefined;
  const headers = original.headers.filter(({ key }) => !key.startsWith(noteHeaders) && key !== idHeader);
  return { ...original, headers: [...headers, { key: idHeader, value: Buffer.from(id) }] };
}

type Contents = Omit<DeadLetter, 'ref' | 'deadLetterTopic' | 'key'>;

function setAside(topic: string, ref: string, { key, value, headers, timestamp }: StoredRecord): Contents {
  const note = (name: string) => header(headers, `${noteHeaders}${name}`);
  const [partition, offset] = [integer(note('partition')), integer(note('offset'))];
  const original = { key, value, headers };
  const origin = {
    topic: note('topic') ?? topicOf(topic),
    ...(offset !== undefined && partition !== undefined && { partition, offset }),
  };
  return {
    setAsideAt: Date.parse(note('at') ?? '') || timestamp,
    reason: note('reason') ?? 'It does not say.',
    origin,
    recordId: idOf(original, ref, origin),
    sessionId: sessionOf(original),
    original,
  };
}

function givenUp(topic: string, ref: string, stored: StoredRecord, failure: EventSourceFailure): Contents {
  const { given, reason, source, at = stored.timestamp } = failure;
  const { record: original, ...origin } = given ?? { topic: topicOf(topic), record: undefined };
  return {
    setAsideAt: at,
    reason,
    origin,
    recordId: idOf(original ?? stored, source || ref, origin),
    sessionId: sessionOf(original ?? { key: stored.key, value: null }),
    original,
  };
}

/** As the consumer has it: by the header, else by the cluster and the place; the cluster is not always told. */
function idOf({ headers }: NewRecord, source: string, origin: DeadLetter['origin']): string {
  const { topic, partition = -1, offset = -1 } = origin;
  const id = header(headers, idHeader);
  const known = id === undefined ? {} : { [idHeader]: id };
  return recordId({ topic, partition, offset, source, headers: known, key: null, value: null, timestamp: 0 });
}

function topicOf(deadLetterTopic: string): string {
  return deadLetterTopic.replace(/-dlt$/, '');
}

function sessionOf({ key, value }: Pick<NewRecord, 'key' | 'value'>): string | undefined {
  const body = jsonOf(value);
  if (isObject(body) && typeof body.session_id === 'string') return body.session_id;
  return key?.toString('utf8');
}

function integer(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}
