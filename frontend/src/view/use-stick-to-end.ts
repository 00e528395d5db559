import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels from the end that still count as the end. */
const near = 48;

/**
 * Keeps a scroller at its end while its content grows, until the reader scrolls up; a new last item takes it there
 * again.
 */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>, last: string | undefined) {
  const [atEnd, setAtEnd] = useState(true);
  const stuck = useRef(true);
  const toEnd = () => {
    const element = scroller.current;
    stuck.current = true;
    if (element) element.scrollTop = element.scrollHeight;
    setAtEnd(true);
  };
  useLayoutEffect(toEnd, [last]);
  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const grew = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
    });
    const scrolled = () => {
      const end = element.scrollHeight - element.scrollTop - element.clientHeight < near;
      stuck.current = end;
      setAtEnd(end);
    };
    grew.observe(content);
    grew.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      grew.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, []);
  return { atEnd, toEnd };
}
