/** A socket and the session that it is bound to. */
export interface Connection {
  readonly connection_id: string;
  readonly session_id: string;
}

/**
 * Storage of open sockets. `$disconnect` is best effort, so entries also expire with the longest life of a socket, and
 * expired ones are not given.
 */
export interface Connections {
  add(connection: Connection): Promise<void>;
  /** The session of a socket. */
  sessionOf(connectionId: string): Promise<string | undefined>;
  /** `eventually`: what is a moment old may be missing, at half the price. */
  list(sessionId: string, how?: 'eventually'): Promise<string[]>;
  remove(connection: Connection): Promise<void>;
  /**
   * After a push that found the socket gone. One that was added within the last ten seconds stays: it may still be in its
   * handshake, where pushes find nothing yet, and would be open but known to nobody.
   */
  removeGone(connection: Connection): Promise<void>;
}
