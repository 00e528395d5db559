import { randomUUID } from 'node:crypto';
import { nameUuid } from '../shared/adapters/kafka/msk-event.ts';
import { deadLetterTopic, responseTopic } from '../shared/adapters/kafka/topics.ts';
import { Functions } from '../shared/adapters/lambda/functions.ts';
import { kafkaPublisher } from '../shared/compose/kafka.ts';
import { memoryStore, sessionStores } from '../shared/compose/stores.ts';
import { setting } from '../shared/platform/env.ts';
import { createSupervisorGraph } from './graph.ts';
import { createSupervise } from './supervise.ts';

const { sessions, log, markers } = sessionStores();
const memory = memoryStore();
const publisher = kafkaPublisher('supervisor');
const functions = new Functions();
const responder = setting('RESPONDER_FUNCTION');
const agents: Record<string, string> = { conversation: setting('CONVERSATION_FUNCTION') };

export const supervise = createSupervise({
  sessions,
  log,
  markers,
  failureMode: setting('BATCH_FAILURES') === 'throw' ? 'throw' : 'report',
  graph: createSupervisorGraph(),
  agents: {
    async call(agent, call) {
      const name = agents[agent];
      if (name === undefined) throw new Error(`There is no agent ${agent}.`);
      await functions.invoke(name, call);
    },
  },
  responses: { publish: responseTopic(publisher, setting('RESPONSES_TOPIC')) },
  setAside: deadLetterTopic(publisher, setting('REQUESTS_DLT')),
  broadcast: async (session_id, frames) => functions.invoke(responder, { action: 'deliver', session_id, frames }),
  recall: async (sessionId, seq) => memory.find(sessionId, seq),
  now: Date.now,
  newId: randomUUID,
  answerId: (sessionId, seq) => nameUuid(`answer ${sessionId} ${seq}`),
  settings: {
    dispatchLeaseMs: Number(setting('DISPATCH_LEASE_MS')),
    resumeLeaseMs: Number(setting('RESUME_LEASE_MS')),
    maxAttempts: 3,
    maxAgeMs: 3_600_000,
  },
});
