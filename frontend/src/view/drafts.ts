const prefix = 'switchboard.draft.';

/** What was typed in a session and not sent; '' for none. */
export function draftOf(sessionId: string | undefined): string {
  try {
    return localStorage.getItem(prefix + (sessionId ?? 'new')) ?? '';
  } catch {
    return '';
  }
}

export function keepDraft(sessionId: string | undefined, text: string): void {
  try {
    if (text === '') localStorage.removeItem(prefix + (sessionId ?? 'new'));
    else localStorage.setItem(prefix + (sessionId ?? 'new'), text);
  } catch {
    // It stays in the box.
  }
}
