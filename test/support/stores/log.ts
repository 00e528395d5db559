import type { LogEvent, Outline } from '../../../lambdas/shared/contracts/log-events.ts';
import type { Log, Page } from '../../../lambdas/shared/domain/log.ts';
import type { Marker, Markers } from '../../../lambdas/shared/domain/markers.ts';

/** Logs in memory. A hole in one shows: slots are kept by `seq`, not by position. */
export class InMemoryLog implements Log {
  readonly slots = new Map<string, Map<number, LogEvent>>();
  /** Characters of text after which a page ends, as those of DynamoDB do at some size. */
  pageLength = Number.POSITIVE_INFINITY;

  async putIfAbsent(sessionId: string, event: LogEvent): Promise<boolean> {
    const slots = this.slots.get(sessionId) ?? new Map<number, LogEvent>();
    this.slots.set(sessionId, slots);
    if (slots.has(event.seq)) return false;
    slots.set(event.seq, structuredClone(event));
    return true;
  }

  async after(sessionId: string, seq: number, limit: number): Promise<Page> {
    const events = this.events(sessionId).filter((event) => event.seq > seq);
    let length = 0;
    const fitting = events.findIndex((event, index) => {
      length += 'message' in event ? event.message.length : 0;
      return index > 0 && length > this.pageLength;
    });
    const end = Math.min(limit, fitting === -1 ? limit : fitting);
    return { events: events.slice(0, end), more: events.length > end };
  }

  async outline(sessionId: string, seq: number, limit: number): Promise<Page<Outline>> {
    const events = this.events(sessionId).filter((event) => event.seq > seq);
    const outlines = events.slice(0, limit).map((event) => ({ ...event, message: undefined }));
    return { events: outlines, more: events.length > limit };
  }

  events(sessionId: string): LogEvent[] {
    return [...(this.slots.get(sessionId)?.values() ?? [])].sort((a, b) => a.seq - b.seq);
  }
}

/** Message ids in memory. */
export class InMemoryMarkers implements Markers {
  readonly markers = new Map<string, Marker>();

  async claim(sessionId: string, marker: Marker): Promise<Marker> {
    const key = `${sessionId}/${marker.message_id}`;
    const standing = this.markers.get(key) ?? marker;
    this.markers.set(key, standing);
    return standing;
  }

  async find(sessionId: string, messageId: string): Promise<Marker | undefined> {
    return this.markers.get(`${sessionId}/${messageId}`);
  }
}
