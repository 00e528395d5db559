import { expect, it } from 'vitest';
import { isEnd } from '../../../lambdas/shared/contracts/log-events.ts';
import { Turn } from '../../support/turn.ts';

it('a dead socket is removed and nothing else; one that takes no push costs the others nothing, and the model is asked once', async () => {
  const turn = new Turn();
  const { sockets, session_id } = turn;
  for (const connection_id of ['dead', 'stuck', 'other tab']) await sockets.add({ connection_id, session_id });
  const post = sockets.post.bind(sockets);
  const bad: Record<string, 'gone' | 'failed'> = { dead: 'gone', stuck: 'failed' };
  Object.assign(sockets, { post: async (id: string, data: string) => bad[id] ?? post(id, data) });
  await turn.run('What is Kafka?');
  expect(turn.modelCalls).toBe(1);
  expect(turn.log.events(session_id).filter(isEnd)).toHaveLength(1);
  expect([...sockets.posted.keys()].toSorted()).toEqual(['other tab', 'stuck', 'tab']);
  for (const id of ['tab', 'other tab']) {
    const types = sockets.posted.get(id)?.map((frame) => (JSON.parse(frame) as { type: string }).type);
    expect(types?.filter((type) => type === 'user' || type === 'assistant')).toEqual(['user', 'assistant']);
  }
  expect(sockets.posted.get('stuck')).toEqual([]);
});
