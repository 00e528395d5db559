import { consumerGroups, topics } from '../../../names.ts';
import {
  controllers,
  cpuCredits,
  cpuUsed,
  diskUsed,
  lagSeconds,
  offlinePartitions,
  underMinIsr,
} from '../kafka-measures.ts';
import { givenUp } from '../measures.ts';
import type { SightProps } from '../sight.ts';
import type { AlarmSpec, AlarmSpecs } from './spec.ts';

/** The topics and who reads them, whosever the cluster is; the cluster itself if it is ours. */
export function ofKafka(props: SightProps): AlarmSpecs {
  const { kafka } = props.settings;
  const specs = { ...ofConsumers(props), ...ofEventSources(props) };
  if (kafka.source === 'existing') return specs;
  const brokers = Array.from({ length: kafka.brokers }, (_, index) => ofBroker(props, index + 1, kafka.brokerType));
  return Object.assign(specs, ofCluster(props), ...brokers);
}

function ofConsumers({ settings, clusterName }: SightProps): AlarmSpecs {
  // Measured by the brokers, so that pollers which fall silent show as well: what they leave grows older.
  const lag = (consumerGroup: string, topic: string, description: string): AlarmSpec => ({
    metric: lagSeconds(clusterName, consumerGroup, topic),
    threshold: settings.alarms.lagSeconds,
    periods: 3,
    description,
  });
  const { supervisor, responder } = consumerGroups;
  return {
    'requests-lag': lag(
      supervisor,
      topics.requests,
      'Questions wait in Kafka. Look at the supervisor: errors, throttles, a poison record; then at its event source.',
    ),
    'responses-lag': lag(
      responder,
      topics.responses,
      'Answers wait in Kafka. Look at the responder: errors, throttles, a poison record; then at its event source.',
    ),
  };
}

/** On demand an event source never gives up: what it cannot hand over grows old, and is in the lag. */
function ofEventSources({ settings, sources }: SightProps): AlarmSpecs {
  if (settings.eventSource.mode !== 'provisioned') return {};
  const specs = Object.entries(sources).map(([name, source]) => [
    `${name}-given-up`,
    {
      metric: givenUp(source, name),
      threshold: 1,
      periods: 1,
      description: 'The event source gave up on a record and wrote it to the dead-letter topic itself.',
    },
  ]);
  return Object.fromEntries(specs);
}

function ofCluster({ clusterName }: SightProps): AlarmSpecs {
  return {
    'kafka-silent': {
      metric: controllers(clusterName),
      threshold: 1,
      // An election takes seconds; without a controller nobody counts offline partitions either.
      periods: 3,
      below: 'or-silent',
      description: 'The Kafka cluster has no controller, or measures nothing: look at its state in MSK.',
    },
    'kafka-offline': {
      metric: offlinePartitions(clusterName),
      threshold: 1,
      // In minutes: longer than a leader's election.
      periods: 3,
      description: 'Partitions have no leader: their sessions stand still. Look at the brokers, then at their logs.',
    },
  };
}

function ofBroker({ clusterName }: SightProps, broker: number, brokerType: string): AlarmSpecs {
  const specs: AlarmSpecs = {
    [`broker-${broker}-disk`]: {
      metric: diskUsed(clusterName, broker),
      // Growing a disk takes MSK up to a day, and at 100 a broker takes no more.
      threshold: 80,
      periods: 1,
      description: 'A broker fills its disk. Raise kafka.diskGb (it can never shrink) or lower the retention.',
    },
    [`broker-${broker}-refuses`]: {
      metric: underMinIsr(clusterName, broker),
      threshold: 1,
      // In minutes: a broker that restarts is back in step by then.
      periods: 5,
      description: 'Partitions lack replicas in step, and take no records. Look for a broker that is down or behind.',
    },
    [`broker-${broker}-busy`]: {
      metric: cpuUsed(clusterName, broker),
      // What AWS advises to stay below: the others carry a broker's share while it is patched.
      threshold: 60,
      periods: 3,
      description: 'A broker works too hard to carry another one that fails. Use a larger kafka.brokerType.',
    },
  };
  if (brokerType.startsWith('kafka.t3.'))
    specs[`broker-${broker}-credits`] = {
      metric: cpuCredits(clusterName, broker),
      // Half of what an hour earns. In hours: a new broker starts with none, and has more than that after the first.
      threshold: 12,
      periods: 3,
      below: 'only',
      description: 'A broker has used up its CPU credits and slows down. Use a kafka.brokerType other than t3.',
    };
  return specs;
}
