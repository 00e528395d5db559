import type { ConversationCall } from '../../lambdas/shared/contracts/calls.ts';
import type { ChatResponse } from '../../lambdas/shared/contracts/records.ts';
import type { Trail } from '../../lambdas/shared/contracts/steps.ts';
import type { SupervisionPorts } from '../../lambdas/shared/domain/supervision.ts';
import { askingGraph } from './modelled-agents.ts';
import { InMemoryLog, InMemoryMarkers } from './stores/log.ts';
import { InMemoryMemory } from './stores/memory.ts';
import { InMemorySessions } from './stores/sessions.ts';

export const session_id = '7d0f2a52-4a44-4f0e-8f57-0c6a3d6a1111';
export const trail: Trail = { traceparent: '00-9eb282af14f17fc08431047e5d57623e-3ea261be5f98a5a3-01', steps: [] };

/** One session and the supervisor's own code, with what it sends kept in lists. */
export class Supervision {
  readonly sessions = new InMemorySessions();
  readonly log = new InMemoryLog();
  readonly markers = new InMemoryMarkers();
  readonly memory = new InMemoryMemory();
  readonly calls: ConversationCall[] = [];
  readonly responses: ChatResponse[] = [];
  now = Date.parse('2026-01-01T00:00:00Z');
  #ids = 0;

  async open(): Promise<this> {
    const at = new Date(this.now).toISOString();
    const counts = { tail: 0, done_seq: 0, accepts: 0 };
    await this.sessions.create({ session_id, owner: 'me', title: 't', created_at: at, updated_at: at, ...counts });
    return this;
  }

  /** What accepting, regenerating and cancelling take. */
  get requests() {
    const { sessions, markers, log } = this;
    return { sessions, markers, log, now: () => new Date(this.now) };
  }

  /** `rounds`: how often the graph suspends before it ends. */
  ports(rounds = 1): SupervisionPorts {
    return {
      sessions: this.sessions,
      log: this.log,
      graph: askingGraph(rounds),
      agents: { call: async (_agent, call) => void this.calls.push(call) },
      responses: { publish: async (response) => void this.responses.push(response) },
      recall: async (id, seq) => this.memory.find(id, seq),
      now: () => this.now,
      newId: () => `id${this.#ids++}`,
      answerId: (_session, seq) => `0fdba7a2-98a9-4f3c-a893-${String(seq).padStart(12, '0')}`,
      settings: { dispatchLeaseMs: 90_000, resumeLeaseMs: 45_000, maxAttempts: 3, maxAgeMs: 3_600_000 },
    };
  }
}
