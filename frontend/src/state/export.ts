import type { End } from './conversation.ts';
import type { Exchange } from './thread.ts';

/** A conversation as a Markdown document. */
export function toMarkdown(
  title: string,
  exchanges: readonly Exchange[],
  words: { you: string; assistant: string },
): string {
  const blocks = exchanges.flatMap(({ question, end }) => [
    ...(question === undefined ? [] : [`## ${words.you}\n\n${question}`]),
    ...(end ? [`## ${words.assistant}\n\n${inWords(end)}`] : []),
  ]);
  return `${[`# ${title}`, ...blocks].join('\n\n')}\n`;
}

function inWords(end: End): string {
  if (end.kind === 'answer') return end.text;
  return end.kind === 'failed' ? `*${end.code}: ${end.text}*` : `${end.text}\n\n*(stopped)*`.trim();
}

/** A conversation as JSON: what is shown, with every answer of a question and its figures. */
export function toJson(session: { session_id: string; title: string }, exchanges: readonly Exchange[]): string {
  const messages = exchanges.flatMap(({ key, question, at, turn }) => [
    ...(question === undefined
      ? []
      : [{ role: 'user', message_id: key, content: question, created_at: at, seq: turn?.seq }]),
    ...(turn?.ends ?? []).map((end) => ({
      role: 'assistant',
      in_reply_to: key,
      content: end.text,
      status: end.kind === 'answer' ? 'complete' : end.kind,
      created_at: end.at,
      seq: end.seq,
      ...(end.kind === 'failed' && { code: end.code }),
      ...(end.kind === 'answer' && { agent: end.agent, model: end.model, usage: end.usage }),
    })),
  ]);
  return `${JSON.stringify({ ...session, messages }, null, 2)}\n`;
}

/** A file name out of a title. */
export function fileName(title: string, extension: string): string {
  const name = title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .toLowerCase();
  return `${name || 'chat'}.${extension}`;
}
