import type { ComponentChildren } from 'preact';
import { decodeEntities } from './entities.ts';

/**
 * The highlighter's markup as elements. It consists of spans with `hljs-` classes and of escaped text, nothing else;
 * whatever does not look like that becomes text.
 */
export function Highlighted({ marked }: { readonly marked: string }) {
  return <>{spans(marked)}</>;
}

interface Open {
  readonly name: string;
  readonly children: ComponentChildren[];
}

function spans(marked: string): ComponentChildren[] {
  const root: ComponentChildren[] = [];
  const open: Open[] = [];
  const add = (child: ComponentChildren) => (open.at(-1)?.children ?? root).push(child);
  const close = () => {
    const done = open.pop();
    if (done) add(<span class={done.name}>{done.children}</span>);
  };
  for (const [whole, name] of marked.matchAll(/<span class="((?:hljs-[\w-]+|[\w-]+_| )+)">|<\/span>|[^<]+|</g)) {
    if (name !== undefined) open.push({ name, children: [] });
    else if (whole === '</span>') close();
    else add(decodeEntities(whole));
  }
  while (open.length > 0) close();
  return root;
}
