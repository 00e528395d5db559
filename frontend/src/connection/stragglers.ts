import { type Http, Refusal } from './http.ts';
import type { Outbox, Unsent } from './outbox.ts';

/**
 * Sends what waits for sessions that are not open on this page, over HTTP. A question that another tab sends too counts
 * once. What the server refuses stays, and is shown when its session is opened.
 */
export async function sendStragglers(http: Http, outbox: Outbox, openSession: string | undefined): Promise<void> {
  const others = outbox.list().filter(({ session_id }) => session_id !== '' && session_id !== openSession);
  const bySession = Map.groupBy(others, ({ session_id }) => session_id);
  await Promise.all([...bySession.values()].map((questions) => sendInOrder(http, outbox, questions)));
}

async function sendInOrder(http: Http, outbox: Outbox, questions: readonly Unsent[]): Promise<void> {
  for (const { session_id, message_id, message, replaces } of questions) {
    try {
      await http.send(session_id, { message_id, message, ...(replaces !== undefined && { replaces }) });
      outbox.drop(message_id);
    } catch (error) {
      // Nobody will ever open a session that is gone.
      if (error instanceof Refusal && error.status === 404) outbox.drop(message_id);
      return;
    }
  }
}
