const key = 'switchboard.last-session';

/** The session that was open last; undefined for none. */
export function lastSession(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function rememberSession(sessionId: string | undefined): void {
  try {
    if (sessionId === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, sessionId);
  } catch {
    // The bare address then opens a new chat.
  }
}
