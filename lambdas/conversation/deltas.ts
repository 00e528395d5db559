import type { ServerFrame } from '../shared/contracts/server-frames.ts';
import type { DeliveryPorts } from '../shared/domain/delivery.ts';
import { encodeFrame } from '../shared/domain/frames.ts';

/** Times in milliseconds. */
const pace = {
  /** The first delta goes at once; the following ones are gathered for this long. */
  gather: 100,
  /** What a closing answer waits for sockets that are behind; the durable end has everything. */
  closing: 300,
};

/** Frames a socket may be behind before it gets no more: it has lost its place, and the durable end makes up for it. */
const maxBehind = 64;

/** Characters of one catch-up frame: three bytes each still fit API Gateway's 32 KB. */
const maxCatchUp = 10_000;

interface Line {
  behind: number;
  last: Promise<void>;
  lost: boolean;
}

/** What all deltas of one answer have in common. */
export interface DeltaStream {
  readonly session_id: string;
  readonly in_reply_to: string;
  readonly run: number;
}

/**
 * Pushes an answer to all sockets of its session while it is written. Each socket has a line of its own, so the order on
 * the wire is kept and a slow or dead socket holds up neither the model nor the others.
 */
export class Deltas {
  readonly #ports: DeliveryPorts;
  readonly #stream: DeltaStream;
  readonly #lines = new Map<string, Line>();
  #attempt = 1;
  #index = 0;
  #sent = '';
  #buffer = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: DeliveryPorts, stream: DeltaStream) {
    this.#ports = ports;
    this.#stream = stream;
  }

  /** Tells of a state of the run. */
  status(state: 'started' | 'retrying', reason?: string): void {
    const { in_reply_to, run } = this.#stream;
    this.#toAll({ type: 'status', in_reply_to, run, state, ...(reason !== undefined && { reason }) });
  }

  /** Begins an attempt: what an earlier one had written no longer counts. */
  begin(attempt: number): void {
    this.#stopTimer();
    this.#attempt = attempt;
    this.#index = 0;
    this.#sent = '';
    this.#buffer = '';
  }

  write(text: string): void {
    this.#buffer += text;
    if (this.#timer) return;
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#buffer !== '') this.write('');
    }, pace.gather);
  }

  /** Brings in sockets that were opened meanwhile, with everything written so far, and lets go of closed ones. */
  setSockets(connectionIds: readonly string[]): void {
    for (const id of this.#lines.keys()) if (!connectionIds.includes(id)) this.#lines.delete(id);
    for (const id of connectionIds) {
      if (this.#lines.has(id)) continue;
      this.#lines.set(id, { behind: 0, last: Promise.resolve(), lost: false });
      if (this.#sent !== '' && this.#sent.length <= maxCatchUp)
        this.#post(id, this.#delta(this.#index - 1, this.#sent, 0));
    }
  }

  /** Sends what is gathered, and waits for the sockets, but not for long. */
  async close(): Promise<void> {
    this.#stopTimer();
    if (this.#buffer !== '') this.#flush();
    const lines = [...this.#lines.values()].map(({ last }) => last);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, pace.closing);
    });
    await Promise.race([Promise.all(lines), late]);
    clearTimeout(timer);
  }

  #flush(): void {
    const text = this.#buffer;
    this.#buffer = '';
    this.#sent += text;
    this.#toAll(this.#delta(this.#index, text));
    this.#index += 1;
  }

  #delta(index: number, text: string, from?: 0): ServerFrame {
    const { in_reply_to, run } = this.#stream;
    return { type: 'delta', in_reply_to, run, attempt: this.#attempt, index, text, ...(from === 0 && { from }) };
  }

  #toAll(frame: ServerFrame): void {
    for (const id of this.#lines.keys()) this.#post(id, frame);
  }

  #post(connectionId: string, frame: ServerFrame): void {
    const line = this.#lines.get(connectionId);
    if (!line || line.lost) return;
    line.behind += 1;
    if (line.behind > maxBehind) line.lost = true;
    line.last = line.last.then(async () => {
      if (!line.lost) await this.#send(connectionId, line, frame);
      line.behind -= 1;
    });
  }

  async #send(connectionId: string, line: Line, frame: ServerFrame): Promise<void> {
    const { session_id } = this.#stream;
    for (const data of encodeFrame(frame)) {
      const outcome = await this.#ports.sockets.post(connectionId, data).catch(() => 'failed' as const);
      if (outcome === 'sent') continue;
      line.lost = true;
      if (outcome === 'gone') {
        // One that is still in its handshake is found again by the next look.
        this.#lines.delete(connectionId);
        await this.#ports.connections.removeGone({ connection_id: connectionId, session_id }).catch(() => undefined);
      }
      return;
    }
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
