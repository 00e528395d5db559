import { beforeEach, describe, expect } from 'vitest';
import { ChatClient } from '../support/chat-client.ts';
import type { ChatSocket } from '../support/chat-socket.ts';
import type { Frame } from '../support/frames.ts';
import type { ModelStub } from '../support/model-stub.ts';
import type { Product } from '../support/product.ts';
import { it } from '../support/shared-product.ts';

const slow = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen.';

describe('a live answer', () => {
  let product: Product;
  let model: ModelStub;
  let client: ChatClient;
  let session_id: string;
  let socket: ChatSocket;

  it.beforeAll(({ shared }) => {
    ({ product, model } = shared);
  });

  beforeEach(async () => {
    client = new ChatClient(product.url);
    ({ session_id } = await client.createSession());
    socket = await client.connect(session_id);
    return async () => socket.drop();
  });

  const delta = (frame: Frame) => frame.type === 'delta';
  const say = (frame: object) => socket.raw(JSON.stringify(frame));

  it('comes as it is written, in order, and the end holds what the pieces held', async () => {
    model.reply = () => ({ kind: 'text', text: slow, wordMs: 20 });
    const end = await socket.ask('count');
    const pieces = socket.frames.filter(delta);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.map(({ index }) => index)).toEqual(pieces.map((_, index) => index));
    expect(pieces.map(({ text }) => text).join('')).toBe(end.message);
    expect(socket.frames.some(({ type, state }) => type === 'status' && state === 'started')).toBe(true);
  });

  it('reaches a tab that is opened in the middle of it with all that was written so far', async () => {
    model.reply = () => ({ kind: 'text', text: `${slow} ${slow}`, wordMs: 60 });
    await socket.send('count');
    await socket.next(delta, 'a first piece');
    const late = await client.connect(session_id);
    const first = await late.next(delta, 'a piece for the late tab');
    expect(first).toMatchObject({ from: 0 });
    expect(String(first.text)).toMatch(/^One/);
    late.drop();
  });

  it('stops within a second: the call to the model is given up, what was written stays, the next question starts', async () => {
    model.reply = () => ({ kind: 'text', text: `${slow} ${slow} ${slow}`, wordMs: 100 });
    const before = model.calls.length;
    const { message_id } = await socket.send('count');
    await socket.next(delta, 'a first piece');
    const asked = performance.now();
    const told = socket.next(({ type, state }) => type === 'status' && state === 'cancelling', 'cancelling');
    say({ action: 'cancel', message_id });
    await told;
    expect(await model.calls[before]?.end).toBe('abandoned');
    expect(performance.now() - asked).toBeLessThan(2_500);
    const end = await socket.end(message_id);
    expect(end.type).toBe('cancelled');
    expect(slow.startsWith(String(end.message).trim().slice(0, 20))).toBe(true);
    model.reply = ({ messages }) => ({ kind: 'text', text: JSON.stringify(messages.map(({ content }) => content)) });
    const next = JSON.parse(String((await socket.ask('go on')).message)) as string[];
    // Of a cancelled answer the question and what was written stay in the memory.
    expect(next).toContain('count');
    expect(next.some((content) => content.startsWith('One'))).toBe(true);
    say({ action: 'cancel', message_id });
    expect((await socket.ask('still there?')).type).toBe('assistant');
  });

  it('tells a question that waits its place, and stops it before its turn without a word', async () => {
    model.reply = ({ question }) => ({
      kind: 'text',
      text: `echo: ${question}`,
      delayMs: question === 'first' ? 1_500 : 0,
    });
    const first = await socket.send('first');
    const queued = socket.next(({ type, state }) => type === 'status' && state === 'queued', 'its place');
    const second = await socket.send('second');
    expect(await queued).toMatchObject({ in_reply_to: second.message_id, position: 1 });
    const third = await socket.send('third');
    say({ action: 'cancel', message_id: second.message_id });
    expect((await socket.end(first.message_id)).type).toBe('assistant');
    expect(await socket.end(second.message_id)).toMatchObject({ type: 'cancelled', message: '' });
    expect(await socket.end(third.message_id)).toMatchObject({ type: 'assistant', message: 'echo: third' });
    expect(model.calls.filter(({ question }) => question === 'second')).toEqual([]);
  });

  it('is not bothered by a stop of what is unknown', async () => {
    say({ action: 'cancel', message_id: crypto.randomUUID() });
    expect((await socket.ask('hello')).message).toBe('echo: hello');
  });

  it('can be asked for again: a second end for the same question, and the first one stays in the log', async () => {
    const { message_id } = await socket.send('hello');
    await socket.end(message_id);
    model.reply = ({ messages }) => ({ kind: 'text', text: `again, told ${messages.length} messages` });
    const again = socket.next(
      ({ type, message }) => type === 'assistant' && String(message).startsWith('again'),
      'another',
    );
    const accepted = socket.next(({ type }) => type === 'accepted', 'accepted');
    say({ action: 'regenerate', message_id });
    expect(await accepted).toMatchObject({ message_id, status: 'accepted' });
    // The system prompt and the question: its own first answer is not held against it.
    expect(await again).toMatchObject({ in_reply_to: message_id, message: 'again, told 2 messages' });
    const rows = await client.transcript(session_id);
    expect(rows.filter(({ in_reply_to }) => in_reply_to === message_id)).toHaveLength(2);
    model.reply = ({ messages }) => ({ kind: 'text', text: JSON.stringify(messages.map(({ content }) => content)) });
    const told = JSON.parse(String((await socket.ask('and?')).message)) as string[];
    expect(told).toContain('again, told 2 messages');
    expect(told).not.toContain('echo: hello');
  });

  it('answers a regenerate of what is not there with an error', async () => {
    const message_id = crypto.randomUUID();
    expect(await socket.provoke(JSON.stringify({ action: 'regenerate', message_id }))).toMatchObject({
      code: 'not_found',
      message_id,
    });
  });

  it('forgets what followed a question that is edited; the log keeps it', async () => {
    const first = await socket.send('my name is Ada');
    await socket.end(first.message_id);
    await socket.ask('what is my name?');
    model.reply = ({ messages }) => ({ kind: 'text', text: JSON.stringify(messages.map(({ content }) => content)) });
    const message_id = crypto.randomUUID();
    const reply = socket.next(({ type }) => type === 'accepted', 'accepted');
    say({ action: 'message', message_id, message: 'my name is Bob', replaces: first.message_id });
    await reply;
    const told = JSON.parse(String((await socket.end(message_id)).message)) as string[];
    expect(told.slice(1)).toEqual(['my name is Bob']);
    const later = JSON.parse(String((await socket.ask('and now?')).message)) as string[];
    expect(later).not.toContain('my name is Ada');
    expect(later).toContain('my name is Bob');
    expect((await client.transcript(session_id)).map(({ content }) => content)).toContain('my name is Ada');
  });

  it('gives a session without a title one from its first question, and tells the tabs of another one', async () => {
    const named = socket.next(({ type }) => type === 'renamed', 'a title');
    await socket.ask('What is a session? I wonder.');
    expect(await named).toMatchObject({ title: 'What is a session?' });
    const renamed = socket.next(({ type }) => type === 'renamed', 'the new title');
    await client.call('PATCH', `/api/sessions/${session_id}`, { title: 'Sessions' });
    expect(await renamed).toMatchObject({ title: 'Sessions' });
    expect((await client.call('GET', `/api/sessions/${session_id}`)).body).toMatchObject({ title: 'Sessions' });
  });

  it('leaves the way it took behind, step by step', async () => {
    const { message_id } = await socket.send('hello');
    await socket.end(message_id);
    const path = `/api/sessions/${session_id}/trace/${message_id}`;
    const trace = await client.call<{ steps?: { step: string }[] }>('GET', path);
    expect(trace.status).toBe(200);
    expect(trace.body.steps?.map(({ step }) => step)).toEqual([
      'socket',
      'stored',
      'produced',
      'consumed',
      'supervisor',
      'conversation',
      'memory read',
      'model called',
      'first token',
      'model answered',
      'memory written',
      'supervisor',
      'produced',
      'consumed',
      'stored',
      'pushed',
    ]);
  });
});
