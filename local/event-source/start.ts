import { setTimeout as sleep } from 'node:timers/promises';
import type { Produce } from '../kafka/producer.ts';
import { Cluster } from '../kafka/wire/cluster.ts';
import type { StoredRecord } from '../kafka/wire/record-batch.ts';
import type { Log } from '../log.ts';
import type { KafkaEventSourceSpec } from '../template/model.ts';
import { batchOutcome, type InvokeResult } from './batch-outcome.ts';
import { Committer } from './committer.ts';
import { type DeliveryPorts, type DeliveryRules, deliver, type GivenUp } from './delivery.ts';
import { failureRecord } from './failure-record.ts';
import { type EventOrigin, type KafkaEvent, kafkaEvent } from './kafka-event.ts';
import { Poller } from './poller.ts';
import { Slots } from './slots.ts';

/** Invokes a function and waits; rejects only when the function could not be invoked at all. */
export type InvokeWithEvent = (functionName: string, event: KafkaEvent) => Promise<InvokeResult>;

export interface EventSourceOptions {
  readonly spec: KafkaEventSourceSpec;
  readonly brokers: string;
  readonly invoke: InvokeWithEvent;
  /** Writes to the on-failure topic. */
  readonly produce: Produce;
  readonly log: Log;
  /** Pause before the first retry of a failed batch, and its bound; AWS does not publish its own. */
  readonly retryPauseMs?: { readonly first: number; readonly max: number };
}

export interface EventSource {
  /** Something is about to be produced: the embedded broker is polled in short intervals for some seconds. */
  wake(): void;
  /** Ends polling, waits up to `graceMs` (1 s) for invocations under way, and commits what is done. */
  stop(graceMs?: number): Promise<void>;
}

/** Invocations that one poller of AWS's provisioned mode has under way at most. */
const concurrentInvocations = 5;

/** With a destination, Lambda turns endless retries into ten. */
const retriesWithDestination = 10;

/**
 * An AWS Kafka event source mapping: batches of a topic's records go to a function, in order within a partition. Each
 * batch holds records of one partition, so that a slow or failing partition holds up no other.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { spec, brokers, invoke, produce } = options;
  const log = options.log.for('event-source');
  const report = (line: string) => log.warn(`${spec.topic} -> ${spec.functionName}: ${line}`);
  const limits = { maxRecords: spec.batchSize, windowMs: spec.batchingWindowSeconds * 1000 };
  const rules = rulesOf(options);
  const origin = originOf(spec, brokers);
  const slots = new Slots(concurrentInvocations);
  const stopping = new AbortController();
  const committer = new Committer(new Cluster(brokers), spec.consumerGroupId, spec.topic, report);
  const draining = new Map<number, Promise<void>>();

  const poller = new Poller(new Cluster(brokers), spec, limits, {
    report,
    ready: (partition) => {
      if (draining.has(partition) || stopping.signal.aborted) return;
      const drained = drain(partition)
        .catch((error: unknown) => {
          if (!stopping.signal.aborted) report(`partition ${partition} stopped: ${String(error)}`);
        })
        .finally(() => draining.delete(partition));
      draining.set(partition, drained);
    },
  });

  /** Sends batch after batch of a partition until its buffer is empty. */
  async function drain(partition: number): Promise<void> {
    const { signal } = stopping;
    for (let buffer = poller.buffers.get(partition); buffer && !buffer.isEmpty && !signal.aborted; ) {
      for (let due = buffer.dueIn(limits, Date.now()); due > 0; due = buffer.dueIn(limits, Date.now())) {
        await sleep(Math.min(due, 50), undefined, { signal });
      }
      const batch = buffer.take(limits);
      poller.roomMade();
      await deliver(batch, rules, portsOf(partition), signal);
    }
  }

  function portsOf(partition: number): DeliveryPorts {
    return {
      report,
      settled: (offset) => committer.commit(partition, offset + 1),
      invoke: (records) => slots.use(() => invokeOnce(partition, records)),
      giveUp: (records, why) => giveUp(partition, records, why),
    };
  }

  async function invokeOnce(partition: number, records: readonly StoredRecord[]) {
    const result = await invoke(spec.functionName, kafkaEvent(origin, partition, records));
    // A worker that dies with the runtime is no failure of the function.
    if (stopping.signal.aborted && result.functionError !== undefined) throw new Error('the runtime is stopping');
    return batchOutcome(result, {
      topicPartition: `${spec.topic}-${partition}`,
      offsets: records.map(({ offset }) => offset),
      reportsItems: spec.reportBatchItemFailures,
    });
  }

  async function giveUp(partition: number, records: readonly StoredRecord[], why: GivenUp): Promise<void> {
    const topic = spec.onFailureTopic;
    const offsets = records.map(({ offset }) => offset).join(', ');
    const reason = why.reason ? ` (${why.reason})` : '';
    report(`${why.condition}${reason}: partition ${partition}, offset ${offsets} goes to ${topic ?? 'nowhere'}`);
    if (!topic) return;
    const failure = {
      condition: why.condition,
      invokeCount: why.invokeCount,
      functionError: why.reason && 'Unhandled',
    };
    const written = records.map((record) => failureRecord(origin, partition, record, failure));
    for (let pause = 100; ; pause = Math.min(pause * 2, 5000)) {
      try {
        await produce(topic, written);
        return;
      } catch (error) {
        stopping.signal.throwIfAborted();
        if (pause === 100) report(`${topic} cannot be written, trying on: ${String(error)}`);
        await sleep(pause, undefined, { signal: stopping.signal });
      }
    }
  }

  if (spec.enabled) poller.run();
  return {
    wake: () => poller.wake(),
    stop: async (graceMs = 1000) => {
      stopping.abort();
      const underWay = Promise.all(draining.values());
      await Promise.race([underWay, sleep(graceMs, undefined, { ref: false })]);
      await poller.stop();
      await committer.stop();
    },
  };
}

function rulesOf({ spec, retryPauseMs = { first: 100, max: 10_000 } }: EventSourceOptions): DeliveryRules {
  const isEndless = spec.maximumRetryAttempts < 0;
  return {
    maximumRetryAttempts: isEndless && spec.onFailureTopic ? retriesWithDestination : spec.maximumRetryAttempts,
    maximumRecordAgeSeconds: spec.maximumRecordAgeSeconds,
    bisect: spec.bisectBatchOnFunctionError,
    firstPauseMs: retryPauseMs.first,
    maxPauseMs: retryPauseMs.max,
  };
}

/** The function's ARN is in the cluster's Region and account. */
function originOf(spec: KafkaEventSourceSpec, brokers: string): EventOrigin & { functionArn: string } {
  const [, partition = 'aws', , region = '', account = ''] = spec.clusterArn.split(':');
  return {
    eventSourceArn: spec.clusterArn,
    bootstrapServers: brokers,
    topic: spec.topic,
    functionArn: `arn:${partition}:lambda:${region}:${account}:function:${spec.functionName}`,
  };
}
