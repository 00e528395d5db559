import type { Marker, Markers } from '../../domain/markers.ts';
import { markerSk, sessionPartition } from './keys.ts';
import type { Table } from './table.ts';

/** Message ids that were seen, in their session's partition. */
export class DynamoDbMarkers implements Markers {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async claim(sessionId: string, marker: Marker): Promise<Marker> {
    const key = { pk: sessionPartition(sessionId), sk: markerSk(marker.message_id) };
    if (await this.#table.put({ ...marker, ...key }, true)) return marker;
    return (await this.find(sessionId, marker.message_id)) ?? marker;
  }

  async find(sessionId: string, messageId: string): Promise<Marker | undefined> {
    const item = await this.#table.get({ pk: sessionPartition(sessionId), sk: markerSk(messageId) });
    return item && { message_id: String(item.message_id), from: Number(item.from), digest: String(item.digest) };
  }
}
