import type { AgentResult } from '../../contracts/calls.ts';
import { type Run, type Session, type Suspension, takenOver } from '../../domain/session.ts';
import type { Update } from './table.ts';

/**
 * One step of a session's mailbox: an update under a condition, and how a later look tells that the update was ours,
 * when the condition does not hold because an earlier attempt succeeded and its answer was lost.
 */
export interface Transition {
  readonly update: Update;
  readonly own: (session: StoredSession) => boolean;
}

/** A session with who is at its run. */
interface StoredSession extends Session {
  readonly run?: Run & { readonly worker?: string; readonly claimant?: string };
}

export const alive = 'attribute_exists(#owner)';
export const owner = { '#owner': 'owner' };
export const run = { '#run': 'run' };
const call = { ...run, '#call': 'call' };

/** The index of open work is written to only where the session was taken out of it meanwhile. */
export function claim(
  seenDoneSeq: number,
  next: Run,
  tail: number,
  { shard, at }: { readonly shard: string; readonly at: Date },
): Transition {
  const open = 'open_shard = if_not_exists(open_shard, :shard), open_at = if_not_exists(open_at, :at)';
  return {
    update: {
      update: `SET #run = :run, tail = :tail, ${open}`,
      condition: `${alive} AND attribute_not_exists(#run) AND done_seq = :seen`,
      names: { ...owner, ...run },
      values: { ':run': next, ':tail': tail, ':seen': seenDoneSeq, ':shard': shard, ':at': at.getTime() },
    },
    own: (session) => session.run?.run_id === next.run_id,
  };
}

export function takeOver(seen: Run, leaseUntil: number): Transition {
  const { phase, attempt, sent } = takenOver(seen);
  return {
    update: {
      update:
        'SET #run.phase = :phase, #run.lease_until = :until, #run.#call.attempt = :attempt, #run.#call.sent = :sent',
      condition: '#run.#call.call_id = :call AND #run.lease_until = :seen AND #run.begun = :begun',
      names: call,
      values: {
        ':phase': phase,
        ':until': leaseUntil,
        ':attempt': attempt,
        ':sent': sent,
        ':call': seen.call.call_id,
        ':seen': seen.lease_until,
        ':begun': seen.begun,
      },
    },
    own: ({ run: found }) => found?.lease_until === leaseUntil && found.call.attempt === attempt,
  };
}

export function begin(callId: string, attempt: number, worker: string, leaseUntil: number, sent: number): Transition {
  return {
    update: {
      update: 'SET #run.begun = :attempt, #run.#by = :sent, #run.worker = :worker, #run.lease_until = :until',
      condition: '#run.#call.call_id = :call AND #run.begun < :attempt AND #run.phase = :calling',
      names: { ...call, '#by': 'by' },
      values: {
        ':attempt': attempt,
        ':sent': sent,
        ':worker': worker,
        ':until': leaseUntil,
        ':call': callId,
        ':calling': 'calling',
      },
    },
    own: ({ run: found }) => found?.call.call_id === callId && found.begun === attempt && found.worker === worker,
  };
}

export function claimResume(callId: string, claimant: string, leaseUntil: number, result?: AgentResult): Transition {
  const kept = result ? ', #run.#result = :result' : '';
  return {
    update: {
      update: `SET #run.phase = :resuming, #run.claimant = :claimant, #run.lease_until = :until${kept}`,
      condition: '#run.#call.call_id = :call AND #run.phase = :calling',
      names: { ...call, ...(result && { '#result': 'result' }) },
      values: {
        ':resuming': 'resuming',
        ':calling': 'calling',
        ':claimant': claimant,
        ':until': leaseUntil,
        ':call': callId,
        ...(result && { ':result': result }),
      },
    },
    own: ({ run: found }) =>
      found?.call.call_id === callId && found.phase === 'resuming' && found.claimant === claimant,
  };
}

export function suspend(callId: string, next: Suspension): Transition {
  return {
    update: {
      update:
        'SET #run.phase = :calling, #run.checkpoint = :checkpoint, #run.#call = :next, #run.lease_until = :until, #run.begun = :none REMOVE #run.#result',
      condition: '#run.#call.call_id = :call AND #run.phase = :resuming',
      names: { ...call, '#result': 'result' },
      values: {
        ':calling': 'calling',
        ':checkpoint': next.checkpoint,
        ':next': next.call,
        ':until': next.lease_until,
        ':none': 0,
        ':call': callId,
        ':resuming': 'resuming',
      },
    },
    own: (session) => session.run?.call.call_id === next.call.call_id,
  };
}

export function release(seq: number, tail: number): Transition {
  return {
    update: {
      update: 'SET done_seq = :seq, tail = :tail REMOVE #run',
      condition: '#run.seq = :seq',
      names: run,
      values: { ':seq': seq, ':tail': tail },
    },
    own: (session) => session.done_seq >= seq,
  };
}

/** Releases and settles in one; whoever loses the answer to it releases again. */
export function releaseLast(seq: number, tail: number, accepts: number): Update {
  return {
    update: 'SET done_seq = :seq, tail = :tail, settled = :accepts, calm = :accepts REMOVE #run, open_shard, open_at',
    condition: '#run.seq = :seq AND accepts = :accepts',
    names: run,
    values: { ':seq': seq, ':tail': tail, ':accepts': accepts },
  };
}

/** Never ours when it does not hold: then the session is gone, or somebody was further. */
export function reach(seq: number): Update {
  return { update: 'SET tail = :seq', condition: `${alive} AND tail < :seq`, names: owner, values: { ':seq': seq } };
}

export function skip(seenDoneSeq: number, doneSeq: number): Transition {
  return {
    update: {
      update: 'SET done_seq = :next',
      condition: `${alive} AND attribute_not_exists(#run) AND done_seq = :seen`,
      names: { ...owner, ...run },
      values: { ':next': doneSeq, ':seen': seenDoneSeq },
    },
    own: (session) => session.done_seq >= doneSeq,
  };
}

/** Never ours when it does not hold: a stop that was noted already needs no second one. */
export function cancel(messageId: string): Transition {
  return {
    update: {
      update: 'SET #run.cancel = :yes',
      condition: '#run.message_id = :message',
      names: run,
      values: { ':yes': true, ':message': messageId },
    },
    own: () => false,
  };
}
