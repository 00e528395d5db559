import type { Token } from 'marked';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { memo } from '../view/memo.ts';
import { block } from './block.tsx';
import { type Blocks, blocksOf, noBlocks, shownBlocks } from './blocks.ts';

/** Share of the time that reading a text again and again may take while it is written. */
const share = 0.1;

/**
 * A Markdown text, while it is written and after. Blocks that are finished are not touched again, so nothing flickers,
 * and what a reader has selected stays selected. No HTML is ever parsed: tokens become elements one by one.
 */
export function Markdown({ text, streaming = false }: { readonly text: string; readonly streaming?: boolean }) {
  const tokens = useTokens(text, streaming);
  const all = tokens.filter(({ type }) => type !== 'space');
  return (
    <div class="markdown">
      {all.map((token, index) => (
        <Block key={index} token={token} raw={token.raw} streaming={streaming && index === all.length - 1} />
      ))}
    </div>
  );
}

/**
 * The blocks to show. A text that takes long to read, such as lists in lists in lists, is read less often; what came
 * meanwhile is shown after that time even when no more words come, as the model may be silent for long.
 */
function useTokens(text: string, streaming: boolean): readonly Token[] {
  const last = useRef<{ blocks: Blocks; tokens: readonly Token[]; rest: number }>({
    blocks: noBlocks,
    tokens: [],
    rest: 0,
  });
  const [rested, setRested] = useState(0);
  useEffect(() => {
    if (!streaming || last.current.blocks.text === text) return;
    const timer = setTimeout(() => setRested(rested + 1), last.current.rest - performance.now());
    return () => clearTimeout(timer);
  }, [text, streaming, rested]);
  return useMemo(() => {
    const started = performance.now();
    if (streaming && started < last.current.rest) return last.current.tokens;
    const blocks = blocksOf(text, last.current.blocks, !streaming);
    const tokens = streaming ? shownBlocks(blocks) : blocks.frozen;
    const now = performance.now();
    last.current = { blocks, tokens, rest: now + (now - started) / share };
    return tokens;
  }, [text, streaming, rested]);
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
