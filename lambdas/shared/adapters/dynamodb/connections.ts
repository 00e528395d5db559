import type { Connection, Connections } from '../../domain/connections.ts';
import { sessionPartition } from './keys.ts';
import type { Table } from './table.ts';

/** API Gateway closes a socket after two hours. */
const lifetimeSeconds = 2 * 3600 + 60;

/** From the entry, which `$connect` writes last, to an open socket. */
const handshakeSeconds = 10;

/** Open sockets, written twice: by session for the pushes, and by connection for the frames that come in. */
export class DynamoDbConnections implements Connections {
  readonly #table: Table;
  readonly #now: () => number;

  constructor(table: Table, now: () => number = Date.now) {
    this.#table = table;
    this.#now = now;
  }

  async add({ connection_id, session_id }: Connection): Promise<void> {
    const expires_at = Math.floor(this.#now() / 1000) + lifetimeSeconds;
    await Promise.all([
      this.#table.put({ pk: connectionPartition(connection_id), sk: 'SESSION', session_id, expires_at }),
      this.#table.put({ pk: sessionPartition(session_id), sk: connectionPartition(connection_id), expires_at }),
    ]);
  }

  async sessionOf(connectionId: string): Promise<string | undefined> {
    const item = await this.#table.get({ pk: connectionPartition(connectionId), sk: 'SESSION' });
    return item && String(item.session_id);
  }

  async list(sessionId: string, how?: 'eventually'): Promise<string[]> {
    const items = await this.#table.query({ pk: sessionPartition(sessionId), eventually: how === 'eventually' });
    const now = this.#now() / 1000;
    return items.filter(({ expires_at }) => Number(expires_at) > now).map(({ sk }) => String(sk).slice(2));
  }

  async remove({ connection_id, session_id }: Connection): Promise<void> {
    await Promise.all([
      this.#table.delete({ pk: connectionPartition(connection_id), sk: 'SESSION' }),
      this.#table.delete({ pk: sessionPartition(session_id), sk: connectionPartition(connection_id) }),
    ]);
  }

  async removeGone({ connection_id, session_id }: Connection): Promise<void> {
    const removed = await this.#table.delete(
      { pk: sessionPartition(session_id), sk: connectionPartition(connection_id) },
      {
        condition: 'attribute_not_exists(pk) OR expires_at < :opening',
        values: { ':opening': this.#now() / 1000 + lifetimeSeconds - handshakeSeconds },
      },
    );
    if (removed) await this.#table.delete({ pk: connectionPartition(connection_id), sk: 'SESSION' });
  }
}

function connectionPartition(connectionId: string): string {
  return `C#${connectionId}`;
}
