import type { ConversationCall } from '../shared/contracts/calls.ts';
import type { Connections } from '../shared/domain/connections.ts';
import { type Log, outlines } from '../shared/domain/log.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import type { Deltas } from './deltas.ts';

/** Milliseconds between two looks: a stop reaches the model within a second. */
const interval = 600;

export interface WatchPorts {
  readonly sessions: Sessions;
  readonly log: Log;
  readonly connections: Connections;
}

/** Looks, while the model writes, whether it is to stop and which sockets there are. */
export class Watch {
  readonly #stop = new AbortController();
  readonly #ports: WatchPorts;
  readonly #call: ConversationCall;
  readonly #deltas: Deltas;
  #timer: NodeJS.Timeout | undefined;
  #first = true;
  #closed = false;

  constructor(ports: WatchPorts, call: ConversationCall, deltas: Deltas) {
    this.#ports = ports;
    this.#call = call;
    this.#deltas = deltas;
    this.#wait();
  }

  /** Aborted when a stop was asked for, or the session is gone. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#look()
        // A look that fails is made again; the model is not stopped for it.
        .catch(() => undefined)
        .finally(() => this.#wait());
    }, interval);
  }

  async #look(): Promise<void> {
    const { session_id } = this.#call;
    const [wanted, sockets] = await Promise.all([
      this.#isWanted(),
      this.#ports.connections.list(session_id, 'eventually'),
    ]);
    this.#deltas.setSockets(sockets);
    if (!wanted) this.#stop.abort();
  }

  async #isWanted(): Promise<boolean> {
    const { session_id, call_id, message_id, seq } = this.#call;
    const { sessions } = this.#ports;
    // A look that is a moment late is followed by the next; only what seems to be gone is made sure of.
    const session = (await sessions.get(session_id, 'eventually')) ?? (await sessions.get(session_id));
    if (!session) return false;
    // The run before ours, as it was a moment ago, or one that is over.
    if (session.run?.call.call_id !== call_id) return true;
    if (session.run.cancel) return false;
    if (!this.#first) return true;
    // A cancel that met the message between waiting and running stands in the log.
    this.#first = false;
    for await (const event of outlines(this.#ports.log, session_id, seq)) {
      if (event.type === 'cancel' && event.in_reply_to === message_id) return false;
    }
    return true;
  }
}
