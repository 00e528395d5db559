import { describe, expect, it } from 'vitest';
import { Deltas } from '../../../lambdas/conversation/deltas.ts';
import { InMemorySockets } from '../../support/stores/memory.ts';

const stream = { session_id: 's', in_reply_to: 'q', run: 3 };

interface Delta {
  readonly attempt: number;
  readonly index: number;
  readonly text: string;
  readonly from?: number;
}

function deltasOf(sockets: InMemorySockets, id: string): Delta[] {
  const frames = (sockets.posted.get(id) ?? []).map((text) => JSON.parse(text) as Delta & { type: string });
  return frames.filter(({ type }) => type === 'delta');
}

async function opened(...ids: string[]): Promise<InMemorySockets> {
  const sockets = new InMemorySockets('s');
  for (const connection_id of ids) await sockets.add({ connection_id, session_id: 's' });
  return sockets;
}

describe('deltas', () => {
  it('go out at once first, then gathered, numbered without gaps, and hold the whole text', async () => {
    const sockets = await opened('a');
    const deltas = new Deltas({ connections: sockets, sockets }, stream);
    deltas.setSockets(['a']);
    deltas.begin(1);
    for (const word of ['one ', 'two ', 'three ', 'four']) deltas.write(word);
    await deltas.close();
    const sent = deltasOf(sockets, 'a');
    expect(sent[0]).toMatchObject({ index: 0, text: 'one ', attempt: 1, in_reply_to: 'q', run: 3 });
    expect(sent.map(({ index }) => index)).toEqual(sent.map((_, index) => index));
    expect(sent).toHaveLength(2);
    expect(sent.map(({ text }) => text).join('')).toBe('one two three four');
  });

  it('give a socket that comes late everything so far, and then what follows', async () => {
    const sockets = await opened('a', 'late');
    const deltas = new Deltas({ connections: sockets, sockets }, stream);
    deltas.setSockets(['a']);
    deltas.begin(1);
    deltas.write('one ');
    deltas.setSockets(['a', 'late']);
    deltas.write('two');
    await deltas.close();
    expect(deltasOf(sockets, 'late')).toMatchObject([
      { from: 0, index: 0, text: 'one ' },
      { index: 1, text: 'two' },
    ]);
  });

  it('begin again with a higher attempt', async () => {
    const sockets = await opened('a');
    const deltas = new Deltas({ connections: sockets, sockets }, stream);
    deltas.setSockets(['a']);
    deltas.begin(1);
    deltas.write('wrong');
    deltas.begin(2);
    deltas.write('right');
    await deltas.close();
    expect(deltasOf(sockets, 'a').at(-1)).toMatchObject({ attempt: 2, index: 0, text: 'right' });
  });

  it('are not held up by a socket that hangs, and drop one that is gone', async () => {
    const sockets = await opened('a', 'hangs', 'gone');
    const post = sockets.post.bind(sockets);
    sockets.post = async (id, data) => {
      if (id === 'hangs') return new Promise(() => undefined);
      return id === 'gone' ? 'gone' : post(id, data);
    };
    const deltas = new Deltas({ connections: sockets, sockets }, stream);
    deltas.setSockets(['a', 'hangs', 'gone']);
    deltas.begin(1);
    deltas.write('one ');
    deltas.write('two');
    const started = performance.now();
    await deltas.close();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(
      deltasOf(sockets, 'a')
        .map(({ text }) => text)
        .join(''),
    ).toBe('one two');
    expect([...sockets.posted.keys()]).toEqual(['a', 'hangs']);
  });

  it('come to a socket that was still in its handshake at the first of them', async () => {
    const sockets = await opened('opening');
    const post = sockets.post.bind(sockets);
    sockets.removeGone = async () => undefined;
    sockets.post = async () => 'gone';
    const deltas = new Deltas({ connections: sockets, sockets }, stream);
    deltas.setSockets(['opening']);
    deltas.begin(1);
    deltas.write('one ');
    await deltas.close();
    sockets.post = post;
    deltas.setSockets(['opening']);
    deltas.write('two');
    await deltas.close();
    expect(deltasOf(sockets, 'opening')).toMatchObject([
      { from: 0, index: 0, text: 'one ' },
      { index: 1, text: 'two' },
    ]);
  });
});
