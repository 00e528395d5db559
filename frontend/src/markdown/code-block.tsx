import { useEffect, useState } from 'preact/hooks';
import { t } from '../strings.ts';
import { CopyButton } from '../view/copy-button.tsx';
import type { Highlight } from './highlight.ts';
import { Highlighted } from './highlighted.tsx';

/** Characters above which code stays plain: colouring it would hold up the page. */
const mostHighlighted = 60_000;
/** Above this, code that is still being written stays plain until it is finished. */
const mostHighlightedLive = 8_000;

let loaded: Highlight | undefined;

interface CodeBlockProps {
  readonly text: string;
  readonly language: string | undefined;
  /** True while it is being written. */
  readonly live: boolean;
}

/** Code with its language, a copy button, and colours once the highlighter has come. */
export function CodeBlock({ text, language, live }: CodeBlockProps) {
  const name = (language ?? '').trim().split(/\s/, 1)[0] ?? '';
  const highlight = useHighlighter(name !== '');
  const fits = text.length <= (live ? mostHighlightedLive : mostHighlighted);
  const marked = fits ? highlight?.(text, name) : undefined;
  return (
    <figure class="code">
      <figcaption>
        <span>{name || t.code}</span>
        <CopyButton text={text} label={t.copyCode} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard too */}
      <pre tabIndex={0}>
        <code>{marked === undefined ? text : <Highlighted marked={marked} />}</code>
      </pre>
    </figure>
  );
}

/** The highlighter, loaded when the first code with a language appears. */
function useHighlighter(wanted: boolean): Highlight | undefined {
  const [, redraw] = useState(loaded !== undefined);
  useEffect(() => {
    if (!wanted || loaded) return;
    import('./highlight.ts').then(
      (module) => {
        loaded = module.highlight;
        redraw(true);
      },
      () => undefined,
    );
  }, [wanted]);
  return loaded;
}
