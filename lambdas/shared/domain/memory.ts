import type { Usage } from '../contracts/log-events.ts';

/** A question and its answer as the model is told of them. */
export interface Exchange {
  /** `seq` of the question. */
  readonly seq: number;
  readonly message_id: string;
  /** The call that brought the answer. */
  readonly call_id: string;
  /** `seq` of the request that it answers: the question's own, or its regeneration's. */
  readonly request_seq: number;
  readonly question: string;
  readonly answer: string;
  /** `cancelled`: the answer was stopped, and is what had been written. */
  readonly status: 'complete' | 'cancelled';
  readonly model?: string;
  readonly usage?: Usage;
}

/**
 * The LLM memory, apart from the transcript. Reads are strongly consistent, and bounded by `limit` whatever the length
 * of the conversation. An exchange is also the proof that its call was answered: it is stored before the answer is
 * handed back, and looked for before the model is called again.
 */
export interface Memory {
  /**
   * The newest exchanges of questions before `seq`, oldest first. An answer that was too long for one item, 300 KB, ends
   * the list: no model is told that much.
   */
  recent(sessionId: string, before: number, limit: number): Promise<Exchange[]>;
  /** The exchange of the question with this `seq`. */
  find(sessionId: string, seq: number): Promise<Exchange | undefined>;
  put(sessionId: string, exchange: Exchange): Promise<void>;
  /** Forgets the exchanges from `seq` on, up to and without `before`. */
  forget(sessionId: string, seq: number, before: number): Promise<void>;
  clear(sessionId: string): Promise<void>;
}
