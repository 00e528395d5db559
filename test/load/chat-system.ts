/** What became of one question; times on the clock of `performance.now()`. */
export interface Answered {
  /** When the first piece of the answer arrived; undefined for a system that does not stream. */
  readonly firstAt: number | undefined;
  readonly endAt: number;
  /** Whether it ended with an answer. */
  readonly ok: boolean;
}

/** One open chat: a session with a socket. Questions of a line are answered in their order. */
export interface ChatLine {
  readonly id: string;
  /** Sends a question and waits for its end. Rejects after `patienceMs` without one. */
  ask(text: string, patienceMs?: number): Promise<Answered>;
  close(): Promise<void>;
}

/** A chat system with a WebSocket, as the loads drive it. */
export interface ChatSystem {
  readonly name: string;
  /** Opens a new session with a socket of its own. */
  open(): Promise<ChatLine>;
  close(): Promise<void>;
}
