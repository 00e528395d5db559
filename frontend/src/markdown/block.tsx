import type { Token, Tokens } from 'marked';
import type { ComponentChildren, JSX } from 'preact';
import { t } from '../strings.ts';
import { mostDepth } from './bounded-lexer.ts';
import { CodeBlock } from './code-block.tsx';
import { inline } from './inline.tsx';

/** One block of Markdown as elements; like `inline`, it makes only what is named here. */
export function block(token: Token, streaming: boolean, depth = 0): ComponentChildren {
  if (depth > mostDepth) return <p>{token.raw}</p>;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return heading(token as Tokens.Heading);
    case 'paragraph':
      return <p>{inline((token as Tokens.Paragraph).tokens)}</p>;
    case 'code':
      return <CodeBlock text={(token as Tokens.Code).text} language={(token as Tokens.Code).lang} live={streaming} />;
    case 'blockquote':
      return <blockquote>{inside((token as Tokens.Blockquote).tokens, streaming, depth)}</blockquote>;
    case 'list':
      return list(token as Tokens.List, streaming, depth);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return <hr />;
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? inline(tokens) : text;
    }
    default:
      return <p>{token.raw.trimEnd()}</p>;
  }
}

function inside(tokens: readonly Token[], streaming: boolean, depth: number): ComponentChildren {
  return tokens.map((token, index) => block(token, streaming && index === tokens.length - 1, depth + 1));
}

/** Headings of an answer stand below the page's own. */
function heading({ depth, tokens }: Tokens.Heading): ComponentChildren {
  const Level = `h${Math.min(6, depth + 2)}` as 'h3' | 'h4' | 'h5' | 'h6';
  return <Level class={`level-${depth}`}>{inline(tokens)}</Level>;
}

function list({ ordered, start, items }: Tokens.List, streaming: boolean, depth: number): JSX.Element {
  const entries = items.map((item, index) => {
    const open = streaming && index === items.length - 1;
    const task = item.task ? (item.checked ? '☑ ' : '☐ ') : null;
    // marked gives a task's mark as a token of its own, too.
    const tokens = item.tokens.filter(({ type }) => type !== 'checkbox');
    return (
      <li class={item.task ? 'task' : undefined}>
        {task}
        {inside(tokens, open, depth)}
      </li>
    );
  });
  return ordered ? <ol start={typeof start === 'number' ? start : 1}>{entries}</ol> : <ul>{entries}</ul>;
}

function table({ header, rows }: Tokens.Table): JSX.Element {
  const side = ({ align }: Tokens.TableCell) => (align ? `align-${align}` : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard too
    <section class="table" aria-label={t.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map((cell) => (
              <th scope="col" class={side(cell)}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={side(cell)}>{inline(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
