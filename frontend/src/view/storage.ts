/** The browser's storage, or one that lasts as long as the page where the browser refuses it. */
export function browserStorage(): Storage {
  try {
    localStorage.setItem('switchboard.probe', '1');
    localStorage.removeItem('switchboard.probe');
    return localStorage;
  } catch {
    return memoryStorage();
  }
}

/** Storage that lasts as long as the page. */
export function memoryStorage(): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    clear: () => entries.clear(),
    getItem: (key) => entries.get(key) ?? null,
    key: (index) => [...entries.keys()][index] ?? null,
    removeItem: (key) => void entries.delete(key),
    setItem: (key, value) => void entries.set(key, value),
  };
}
