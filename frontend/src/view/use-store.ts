import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../state/store.ts';

/** The store's value; draws again after it changed, at most once per frame. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.value);
  useEffect(() => {
    let frame: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
      frame = undefined;
      timer = undefined;
      setValue(store.value);
    };
    const soon = () => {
      // A hidden page has no frames.
      frame ??= requestAnimationFrame(update);
      timer ??= setTimeout(update, 100);
    };
    setValue(store.value);
    const stop = store.watch(soon);
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [store]);
  return value;
}
