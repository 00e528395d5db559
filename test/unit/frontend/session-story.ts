import * as fc from 'fast-check';
import type { Durable, Frame } from '../../../frontend/src/connection/frames.ts';
import { readFrame } from '../../../frontend/src/connection/read-frame.ts';

/** What a server says about one session: everything in the right order, and what a resume gives at the end. */
export interface Story {
  readonly log: readonly Durable[];
  /** As the server sends it, each frame once. */
  readonly frames: readonly Frame[];
  /** What has been written of answers that have not ended, as a resume repeats it. */
  readonly unfinished: readonly Frame[];
}

type Op =
  | { readonly op: 'ask'; readonly edits: number | undefined; readonly text: string }
  | { readonly op: 'end'; readonly kind: 'assistant' | 'failed' | 'cancelled'; readonly named: boolean }
  | { readonly op: 'write'; readonly pieces: readonly string[]; readonly again: boolean }
  | { readonly op: 'regenerate'; readonly which: number }
  | { readonly op: 'rename' | 'other' };

const text = fc.string({ maxLength: 12 });
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('ask' as const), edits: fc.option(fc.nat(9), { nil: undefined }), text }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('end' as const),
      kind: fc.constantFrom('assistant' as const, 'failed' as const, 'cancelled' as const),
      named: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('write' as const),
      pieces: fc.array(text, { maxLength: 5 }),
      again: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('regenerate' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('rename' as const, 'other' as const) }) },
);

/** Stories of up to 30 steps. */
export function stories(options: { readonly regenerate: boolean }): fc.Arbitrary<Story> {
  const ops = fc.array(op, { maxLength: 30 });
  return ops.map((all) => tell(options.regenerate ? all : all.filter((step) => step.op !== 'regenerate')));
}

interface Request {
  readonly id: string;
  readonly run: number;
  attempt: number;
  written: string[];
}

function tell(ops: readonly Op[]): Story {
  const log: Durable[] = [];
  const frames: Frame[] = [];
  const ids: string[] = [];
  const open: Request[] = [];
  const append = (event: object) => {
    const entry = { ...event, seq: log.length + 1, created_at: new Date(1_700_000_000_000 + log.length).toISOString() };
    log.push(entry as Durable);
    frames.push(entry as Durable);
    return entry.seq;
  };
  for (const step of ops) {
    if (step.op === 'ask') {
      const id = `00000000-0000-4000-8000-${String(ids.length).padStart(12, '0')}`;
      const replaces = step.edits === undefined ? undefined : ids[step.edits];
      const run = append({
        type: 'user',
        message_id: id,
        message: step.text,
        ...(replaces !== undefined && { replaces }),
      });
      frames.push({ type: 'accepted', message_id: id, seq: run, status: 'accepted' });
      frames.push({ type: 'status', in_reply_to: id, state: 'queued', position: open.length, run });
      ids.push(id);
      open.push({ id, run, attempt: 1, written: [] });
    } else if (step.op === 'write') write(open[0], step, frames);
    else if (step.op === 'end') {
      const request = open.shift();
      if (request) append(endOf(request, step));
    } else if (step.op === 'regenerate') {
      const id = ids[step.which];
      if (id === undefined || open.some((request) => request.id === id)) continue;
      const run = append({ type: 'regenerate', in_reply_to: id });
      open.push({ id, run, attempt: 1, written: [] });
    } else append(step.op === 'rename' ? { type: 'renamed', title: `Title ${log.length}` } : { type: 'other' });
  }
  const unfinished = open
    .filter(({ written }) => written.length > 0)
    .map((request) => ({ ...delta(request), from: 0 }));
  return { log, frames, unfinished };
}

function write(request: Request | undefined, step: Op & { op: 'write' }, frames: Frame[]): void {
  if (!request) return;
  if (step.again && step.pieces.length > 0) {
    request.attempt += 1;
    request.written = [];
  }
  for (const piece of step.pieces) {
    request.written.push(piece);
    frames.push({ ...delta(request), text: piece });
  }
}

/** The frame of all that has been written. */
function delta({ id, run, attempt, written }: Request) {
  return { type: 'delta' as const, in_reply_to: id, attempt, index: written.length - 1, text: written.join(''), run };
}

function endOf({ id, written }: Request, { kind, named }: Op & { op: 'end' }): object {
  // A foreign producer may leave the question out: it is then the oldest that is open.
  const reply = named ? { in_reply_to: id } : {};
  const message = written.join('');
  return kind === 'failed'
    ? { type: kind, ...reply, code: 'model_timeout', message: 'Too late.', retryable: true }
    : { type: kind, ...reply, message };
}

/** A durable event cut into `of` parts. */
export function inParts(event: Durable, of: number): Frame[] {
  const json = JSON.stringify(event);
  const length = Math.ceil(json.length / of);
  const count = Math.ceil(json.length / length);
  return Array.from({ length: count }, (_, index) => ({
    type: 'part',
    seq: event.seq,
    part: index + 1,
    of: count,
    data: json.slice(index * length, (index + 1) * length),
  }));
}

/** A frame as a page gets it: through its text. */
export function overTheWire(frame: Frame): Frame | undefined {
  return readFrame(JSON.stringify(frame));
}
