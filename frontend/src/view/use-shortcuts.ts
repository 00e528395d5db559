import { useEffect, useRef } from 'preact/hooks';

export interface Shortcuts {
  readonly stop: (() => void) | undefined;
  readonly newChat: () => void;
  readonly focusBox: () => void;
  readonly openMenu: () => void;
}

/** Keys that work anywhere on the page. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const run = chosen(event, latest.current);
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function chosen(event: KeyboardEvent, { stop, newChat, focusBox, openMenu }: Shortcuts): (() => void) | undefined {
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (key === 'escape' && !document.querySelector('dialog[open]')) return stop;
  if (command && event.shiftKey && key === 'o') return newChat;
  if (command && !event.shiftKey && key === 'k') {
    return () => {
      openMenu();
      document.getElementById('search')?.focus();
    };
  }
  const typing = event.target instanceof Element && event.target.matches('input, textarea, [contenteditable]');
  return key === '/' && !command && !typing ? focusBox : undefined;
}
