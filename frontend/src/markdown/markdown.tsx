import type { Token } from 'marked';
import { useMemo, useRef } from 'preact/hooks';
import { memo } from '../view/memo.ts';
import { block } from './block.tsx';
import { type Blocks, blocksOf, noBlocks, shownBlocks } from './blocks.ts';

/**
 * A Markdown text, while it is written and after. Blocks that are finished are not touched again, so nothing flickers,
 * and what a reader has selected stays selected. No HTML is ever parsed: tokens become elements one by one.
 */
export function Markdown({ text, streaming = false }: { readonly text: string; readonly streaming?: boolean }) {
  const before = useRef<Blocks>(noBlocks);
  const blocks = useMemo(() => blocksOf(text, before.current, !streaming), [text, streaming]);
  before.current = blocks;
  const tokens = streaming ? shownBlocks(blocks) : blocks.frozen;
  const all = tokens.filter(({ type }) => type !== 'space');
  return (
    <div class="markdown">
      {all.map((token, index) => (
        <Block key={index} token={token} raw={token.raw} streaming={streaming && index === all.length - 1} />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly token: Token;
  readonly raw: string;
  readonly streaming: boolean;
}

/** The same words make the same block: it is not looked at again while they stay. */
const Block = memo(
  ({ token, streaming }: BlockProps) => <>{block(token, streaming)}</>,
  (a, b) => a.raw === b.raw && a.streaming === b.streaming && a.token.type === b.token.type,
);
