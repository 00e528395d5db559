import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';

/** Lists and quotes in each other beyond this are text: each level is read again by all levels around it. */
export const mostDepth = 12;

/**
 * Marks of emphasis in one paragraph above which they are shown as they stand: marked looks from each for its partner,
 * and 20,000 took it half a minute.
 */
const mostMarks = 500;

/** ASCII characters without a gap above which a paragraph is plain text: marked looks for an e-mail address from each. */
const mostUnbroken = 5_000;

class BoundedTokenizer extends Tokenizer {
  #depth = 0;
  #counted = { paragraph: '', marks: 0 };

  override list(src: string): Tokens.List | undefined {
    return this.#nested(() => super.list(src));
  }

  override blockquote(src: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(src));
  }

  override emStrong(src: string, paragraph: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#marksIn(paragraph) > mostMarks ? undefined : super.emStrong(src, paragraph, before);
  }

  #nested<T>(read: () => T | undefined): T | undefined {
    if (this.#depth >= mostDepth) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Counted once for each paragraph, which is asked about at each of its marks. */
  #marksIn(paragraph: string): number {
    if (this.#counted.paragraph !== paragraph) {
      this.#counted = { paragraph, marks: paragraph.match(/[*_]/g)?.length ?? 0 };
    }
    return this.#counted.marks;
  }
}

class BoundedLexer extends Lexer {
  constructor() {
    super({ gfm: true, breaks: false, tokenizer: new BoundedTokenizer() });
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    if (!isUnbroken(src)) return super.inlineTokens(src, tokens);
    tokens.push({ type: 'text', raw: src, text: src, escaped: false });
    return tokens;
  }
}

function isUnbroken(text: string): boolean {
  return text.length > mostUnbroken && text.split(/[^!-~]+/).some(({ length }) => length > mostUnbroken);
}

/** The blocks of a Markdown text, in a time that grows as the text does, whatever it is made of. */
export function tokensOf(text: string): Token[] {
  return new BoundedLexer().lex(text);
}
