/** Address of a session, or of a new chat. `/` itself opens what was open last. */
export function pathOf(sessionId: string | undefined): string {
  return sessionId === undefined ? '/new' : `/s/${sessionId}`;
}

/** The session an address names; undefined for a new chat. */
export function sessionIn(path: string): string | undefined {
  return /^\/s\/([0-9a-f-]{36})\/?$/i.exec(path)?.[1];
}
