/** What is kept of a message id: enough to recognise it again and to find its event. */
export interface Marker {
  readonly message_id: string;
  /** `seq` that the log had reached when the message was first seen; its event stands after it. */
  readonly from: number;
  /** SHA-256 of the text, base64url. */
  readonly digest: string;
}

/**
 * Storage of message ids that were seen. `claim` stores the marker unless there is one, and gives the one that stands.
 */
export interface Markers {
  claim(sessionId: string, marker: Marker): Promise<Marker>;
  find(sessionId: string, messageId: string): Promise<Marker | undefined>;
}
