import type { Token } from 'marked';
import type { ComponentChildren } from 'preact';
import { mostDepth } from './bounded-lexer.ts';
import { decodeEntities } from './entities.ts';
import { safeUrl } from './safe-url.ts';

/**
 * Inline Markdown as elements. Only the elements named here can come out, with no attribute but a link's address: HTML
 * in the text is shown as text, and images as links, so that nothing is loaded that was not asked for.
 */
export function inline(tokens: readonly Token[] | undefined, depth = 0): ComponentChildren {
  if (!tokens) return null;
  return tokens.map((token) => one(token, depth + 1));
}

function one(token: Token, depth: number): ComponentChildren {
  if (depth > mostDepth) return token.raw;
  const inner = 'tokens' in token ? token.tokens : undefined;
  switch (token.type) {
    case 'strong':
      return <strong>{inline(inner, depth)}</strong>;
    case 'em':
      return <em>{inline(inner, depth)}</em>;
    case 'del':
      return <del>{inline(inner, depth)}</del>;
    case 'codespan':
      return <code>{String(token.text)}</code>;
    case 'br':
      return <br />;
    case 'link':
      return link(String(token.href), inline(inner, depth), token.raw);
    case 'image':
      return link(String(token.href), String(token.text || token.href), token.raw);
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : token.raw;
    case 'escape':
      return String(token.text);
    case 'text':
      return inner ? inline(inner, depth) : decodeEntities(String(token.text));
    default:
      return token.raw;
  }
}

function link(href: string, words: ComponentChildren, raw: string): ComponentChildren {
  const url = safeUrl(href);
  if (url === undefined) return raw;
  return (
    <a href={url} title={url} target="_blank" rel="noopener noreferrer nofollow">
      {words}
    </a>
  );
}
