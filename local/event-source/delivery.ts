import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredRecord } from '../kafka/wire/record-batch.ts';
import type { BatchOutcome } from './batch-outcome.ts';
import type { FailureCondition } from './failure-record.ts';
import { maxPayloadBytes, payloadBytes } from './kafka-event.ts';

/** How a mapping treats failures; -1 stands for no bound. */
export interface DeliveryRules {
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisect: boolean;
  /** Pause before the first retry; doubled for each further one up to `maxPauseMs`. */
  readonly firstPauseMs: number;
  readonly maxPauseMs: number;
}

export interface GivenUp {
  readonly condition: FailureCondition;
  readonly invokeCount: number;
  readonly reason?: string | undefined;
}

/** What delivery needs done; each is awaited before it goes on. */
export interface DeliveryPorts {
  /** Rejects when the function could not be invoked at all (throttled, being replaced): tried again, not counted. */
  invoke(records: readonly StoredRecord[]): Promise<BatchOutcome>;
  /** Writes records to the on-failure destination. */
  giveUp(records: readonly StoredRecord[], why: GivenUp): Promise<void>;
  /** All records up to this offset are done with. */
  settled(offset: number): void;
  report(line: string): void;
}

interface Piece {
  readonly records: readonly StoredRecord[];
  readonly invoked: number;
  readonly reason?: string | undefined;
}

/**
 * Delivers a batch of one partition in order, until each record succeeded or was given up. A failed batch is halved
 * first, if the mapping bisects, which does not count as an attempt; a partial failure goes on from the lowest record
 * that failed. Ends early, with the rest unsettled, when the signal fires.
 */
export async function deliver(
  batch: readonly StoredRecord[],
  rules: DeliveryRules,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<void> {
  const pieces: Piece[] = [{ records: batch, invoked: 0 }];
  let failuresInARow = 0;
  for (let piece = pieces.shift(); piece && !signal.aborted; piece = pieces.shift()) {
    const sent = await withoutHopeless(piece, rules, ports);
    const last = sent.records.at(-1);
    if (!last) continue;
    const outcome = await invoke(sent, rules, ports, signal);
    if (!outcome) return;
    if (outcome.kind === 'done') {
      failuresInARow = 0;
      ports.settled(last.offset);
      continue;
    }
    const rest = next(sent, outcome, rules, ports);
    if (rest.kind === 'exhausted') {
      const { piece: exhausted } = rest;
      const invokeCount = exhausted.invoked;
      await ports.giveUp(exhausted.records, { condition: 'RetriesExhausted', invokeCount, reason: exhausted.reason });
      ports.settled(last.offset);
      failuresInARow = 0;
      continue;
    }
    pieces.unshift(...rest.pieces);
    failuresInARow += 1;
    await pause(failuresInARow, rules, signal);
  }
}

/** Gives up what may not be sent: records past the age limit, and one too large for any invocation. */
async function withoutHopeless(piece: Piece, rules: DeliveryRules, ports: DeliveryPorts): Promise<Piece> {
  const { maximumRecordAgeSeconds } = rules;
  const oldest = maximumRecordAgeSeconds < 0 ? Number.NEGATIVE_INFINITY : Date.now() - maximumRecordAgeSeconds * 1000;
  const kept: StoredRecord[] = [];
  for (const record of piece.records) {
    const condition =
      record.timestamp < oldest
        ? 'RecordAgeExceeded'
        : payloadBytes(record) > maxPayloadBytes
          ? 'MaximumPayloadSizeExceeded'
          : undefined;
    if (!condition) {
      kept.push(record);
      continue;
    }
    await ports.giveUp([record], { condition, invokeCount: piece.invoked, reason: piece.reason });
    if (kept.length === 0) ports.settled(record.offset);
  }
  return { ...piece, records: kept };
}

async function invoke(
  piece: Piece,
  rules: DeliveryRules,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<BatchOutcome | undefined> {
  for (let refusals = 1; ; refusals += 1) {
    try {
      return await ports.invoke(piece.records);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (refusals === 1) ports.report(`cannot be invoked, trying again: ${String(error)}`);
      await pause(refusals, rules, signal);
      if (signal.aborted) return undefined;
    }
  }
}

/** What is to be sent after a failure, or that the attempts are used up. */
function next(
  piece: Piece,
  outcome: Exclude<BatchOutcome, { kind: 'done' }>,
  rules: DeliveryRules,
  ports: DeliveryPorts,
): { kind: 'again'; pieces: Piece[] } | { kind: 'exhausted'; piece: Piece } {
  const { records } = piece;
  const reason = outcome.kind === 'failed' ? outcome.reason : undefined;
  const failedFrom = outcome.kind === 'partial' ? outcome.failedFrom : (records[0]?.offset ?? 0);
  const failed = records.filter(({ offset }) => offset >= failedFrom);
  const before = records.findLast(({ offset }) => offset < failedFrom);
  if (before) ports.settled(before.offset);

  if (rules.bisect && failed.length > 1 && !before) {
    const middle = Math.ceil(failed.length / 2);
    const halves = [failed.slice(0, middle), failed.slice(middle)];
    return { kind: 'again', pieces: halves.map((half) => ({ records: half, invoked: piece.invoked, reason })) };
  }
  const tried: Piece = { records: failed, invoked: piece.invoked + 1, reason };
  if (rules.maximumRetryAttempts >= 0 && tried.invoked > rules.maximumRetryAttempts) {
    return { kind: 'exhausted', piece: tried };
  }
  return { kind: 'again', pieces: [tried] };
}

async function pause(failures: number, rules: DeliveryRules, signal: AbortSignal): Promise<void> {
  const wait = Math.min(rules.maxPauseMs, rules.firstPauseMs * 2 ** (failures - 1));
  await sleep(wait, undefined, { signal }).catch(() => undefined);
}
