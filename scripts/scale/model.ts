import type { TurnProfile } from '../../lib/cost/turn.ts';

/** How people use it. */
export interface Usage {
  readonly sockets: number;
  /** Seconds between two questions of one socket. */
  readonly secondsPerTurn: number;
  /** Minutes that a socket stays; API Gateway closes it after 120. */
  readonly socketMinutes: number;
  /** Tokens of prompt, history and answer. */
  readonly tokensPerTurn: number;
}

/** One thing that is used up, and how much of it there is before anybody asks AWS for more. */
export interface Limit {
  readonly what: string;
  readonly needed: number;
  readonly given: number;
  /** What to do when it is reached. */
  readonly remedy: string;
}

/** Quotas and capacities as of November 2026, us-east-1; `docs/scale.md` has the sources. */
export const given = {
  newConnectionsPerSecond: 500,
  apiRequestsPerSecond: 10_000,
  concurrentExecutions: 1_000,
  tableWriteUnits: 40_000,
  tableReadUnits: 40_000,
  partitionWriteUnits: 1_000,
  brokerConnections: 3_000,
  /** Of a kafka.m7g.large, sustained, MB a second. */
  brokerIngress: 15.6,
  pollerInvocations: 5,
  maximumPollers: 2_000,
} as const;

/** What the stage `prod` is set to. */
export interface Deployment {
  readonly brokers: number;
  readonly partitions: number;
  readonly pollers: number;
  readonly replicas: number;
  readonly openShards: number;
  readonly conversationConcurrency: number;
}

/** Bytes of a question's and an answer's record, with keys and headers. */
const recordBytes = 1_500 + 2_500;
/** Index entries of open work that a turn writes: entered and left. */
const openWrites = 2;
/** Records that one invocation takes, and how long it takes for a full one, seconds: `simulate.ts`. */
const batch = { size: 100, seconds: 0.2 };

/** What a number of sockets needs of each thing, beside what there is. */
export function limitsOf(usage: Usage, turn: TurnProfile, at: Deployment): Limit[] {
  const turns = usage.sockets / usage.secondsPerTurn;
  const seconds = (name: string): number => {
    const { calls, msEach } = turn.calls[name as keyof TurnProfile['calls']] ?? { calls: 0, msEach: 0 };
    return (calls * msEach) / 1000;
  };
  const everything = Object.keys(turn.calls).reduce((sum, name) => sum + seconds(name), 0);
  const producers = turns * (seconds('ws-message') + seconds('supervisor'));
  return [
    {
      what: 'handshakes/s',
      needed: usage.sockets / (usage.socketMinutes * 60),
      given: given.newConnectionsPerSecond,
      remedy: 'quota "new connections per second"; the burst of 500 stays, so clients come back spread out',
    },
    {
      what: 'API requests/s, pushes included',
      needed: turns * (turn.socketMessages + turn.deltas),
      given: given.apiRequestsPerSecond,
      remedy: 'account throttle; gather deltas for longer: at 500 ms a turn pushes 13 frames instead of 45',
    },
    {
      what: 'calls to the model at once',
      needed: turns * seconds('conversation'),
      given: at.conversationConcurrency,
      remedy: "`reservedConcurrency` of conversation, after the account's concurrency and the model's own limits",
    },
    {
      what: 'Lambda sandboxes at once',
      needed: turns * everything,
      given: given.concurrentExecutions,
      remedy: 'quota "concurrent executions"; it grows by 1,000 in 10 s per function',
    },
    {
      what: "the model's tokens/min",
      needed: turns * 60 * usage.tokensPerTurn,
      given: Number.NaN,
      remedy: 'the provider; several keys or deployments behind one base URL',
    },
    {
      what: 'records/s of one topic',
      needed: turns,
      given: (Math.min(at.partitions, at.pollers * given.pollerInvocations) * batch.size) / batch.seconds,
      remedy: 'partitions (they can only grow, and move keys), then `maximumPollers`',
    },
    {
      what: 'Kafka MB/s in, replicas included',
      needed: (turns * recordBytes * at.replicas) / 1e6,
      given: at.brokers * given.brokerIngress,
      remedy: 'brokers, or larger ones',
    },
    {
      what: 'Kafka connections per broker',
      needed: producers,
      given: given.brokerConnections,
      remedy: 'one connection per sandbox and broker: larger brokers take more; a proxy of producers beyond',
    },
    {
      what: 'DynamoDB write units/s',
      needed: turns * turn.writeUnits,
      given: given.tableWriteUnits,
      remedy: 'table quota; warm throughput before a launch: a new table takes 4,000/s',
    },
    {
      what: 'DynamoDB read units/s',
      needed: turns * turn.readUnits,
      given: given.tableReadUnits,
      remedy: 'table quota',
    },
    {
      what: 'writes/s to one shard of `open`',
      needed: (turns * openWrites) / at.openShards,
      given: given.partitionWriteUnits,
      remedy: '`openShards` in the sessions adapter: a throttled index throttles its table',
    },
  ];
}
