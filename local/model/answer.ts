import { topics } from './topics.ts';

/** A message of the conversation, as the chat completions API has it, reduced to text. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

const notice = '*Demo model: the answer is canned. Set `OPENAI_API_KEY` for a real one.*';

/** The demo model's whole answer to the last user message; the same conversation gets the same answer. */
export function demoAnswer(messages: readonly ChatMessage[]): string {
  const questions = messages.filter(({ role }) => role === 'user').map(({ content }) => content.trim());
  const question = questions.at(-1) ?? '';
  return `${body(question, questions.slice(0, -1))}\n\n${notice}`;
}

function body(question: string, earlier: readonly string[]): string {
  return aboutMemory(question, earlier) ?? aboutTopic(question) ?? fallback(question, earlier);
}

/** Questions that only someone who sees the history can answer. */
function aboutMemory(question: string, earlier: readonly string[]): string | undefined {
  const told = nameIn(question);
  if (told) return `Nice to meet you, **${told}**. Ask me later what your name is: I see the history of this session.`;
  if (/what(['’]s| is) my name|who am i\b|remember my name/i.test(question)) {
    const name = earlier.map(nameIn).findLast((found) => found !== undefined);
    return name
      ? `Your name is **${name}**. You told me earlier in this session.`
      : 'You have not told me your name yet.';
  }
  if (
    /what (did|have) i (ask|say|said|asked|write|written)|(my|the) (last|previous|earlier) (question|message)s?/i.test(
      question,
    )
  ) {
    if (earlier.length === 0) return 'Nothing yet: this is the first message that I see in this session.';
    const shown = earlier.slice(-10).map((text, index) => `${index + 1}. ${shorten(text)}`);
    return [`I see ${count(earlier.length, 'earlier message')} of yours:`, '', ...shown].join('\n');
  }
  return undefined;
}

function aboutTopic(question: string): string | undefined {
  return topics.find(({ pattern }) => pattern.test(question))?.answer;
}

function fallback(question: string, earlier: readonly string[]): string {
  const greeting = /^(hi|hello|hey|good (morning|evening)|moin|hallo)\b/i.test(question);
  const known = 'I know a little about Kafka, Lambda, DynamoDB, LangGraph, WebSockets and Switchboard itself.';
  const seen = earlier.length > 0 ? ` I also see ${count(earlier.length, 'earlier message')} of this session.` : '';
  if (greeting) return `Hello! I am the demo model that comes with Switchboard. ${known}${seen}`;
  return `You wrote: “${shorten(question)}”\n\nI am the demo model that comes with Switchboard and cannot think. ${known}${seen}`;
}

function nameIn(text: string): string | undefined {
  return /\b(?:my name is|call me|i am called|mein name ist)\s+([\p{L}][\p{L}'’-]*)/iu.exec(text)?.[1];
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
