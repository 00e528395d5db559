import type { Exchange } from './memory.ts';

/** Exchanges that are read for one question: what a turn costs does not grow with the conversation. */
export const maxExchanges = 20;

/** Tokens of history that the model is told, by the rule of thumb of four bytes to a token; 16 K is the smallest window. */
export const maxHistoryTokens = 6_000;

/** The newest whole exchanges that fit the budget, oldest first. */
export function withinBudget(exchanges: readonly Exchange[], budget = maxHistoryTokens): Exchange[] {
  const kept: Exchange[] = [];
  let left = budget;
  for (const exchange of exchanges.toReversed()) {
    left -= tokensOf(exchange.question) + tokensOf(exchange.answer);
    if (left < 0) break;
    kept.unshift(exchange);
  }
  return kept;
}

function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
