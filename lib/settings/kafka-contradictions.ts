import { metadataOf } from './cluster.ts';
import { type Check, refuseIf } from './contradiction.ts';

const subnetsHaveZones: Check = ({ kafka }) =>
  refuseIf(
    kafka.source === 'existing' &&
      new Set([kafka.subnetIds, kafka.availabilityZones, kafka.routeTableIds].map(({ length }) => length)).size > 1,
    'kafka.subnetIds',
    'one subnet, zone and route table for each of the cluster’s zones, in the same order',
  );

const pollersHavePartitions: Check = ({ eventSource, topics }) =>
  refuseIf(
    eventSource.maximumPollers > topics.partitions,
    'eventSource.maximumPollers',
    `more than topics.partitions (${topics.partitions}): the rest would poll nothing`,
  );

const pollersAreInOrder: Check = ({ eventSource }) =>
  refuseIf(
    eventSource.minimumPollers > eventSource.maximumPollers,
    'eventSource.minimumPollers',
    'more than maximumPollers',
  );

const brokersTakeTheVersion: Check = ({ kafka }) => {
  if (kafka.source === 'existing') return [];
  const { kraft, sinceKraft } = metadataOf(kafka.version);
  return [
    ...refuseIf(
      kraft && kafka.brokerType === 'kafka.t3.small',
      'kafka.version',
      `${kafka.version} is KRaft, which MSK does not offer on kafka.t3.small: take 3.9.x, or kafka.m7g.large`,
    ),
    ...refuseIf(kraft && !sinceKraft, 'kafka.version', 'MSK has KRaft from 3.7 on'),
  ];
};

const brokersDivideOverZones: Check = ({ kafka, network }) =>
  refuseIf(
    kafka.source === 'new' && kafka.brokers % network.zones !== 0,
    'kafka.brokers',
    `must be a multiple of network.zones (${network.zones})`,
  );

const replicasHaveBrokers: Check = ({ kafka, topics }) =>
  kafka.source === 'new'
    ? refuseIf(topics.replicationFactor > kafka.brokers, 'topics.replicationFactor', `only ${kafka.brokers} brokers`)
    : [];

const writesSurviveMaintenance: Check = ({ topics: { minInsyncReplicas, replicationFactor } }) => [
  ...refuseIf(
    minInsyncReplicas > replicationFactor,
    'topics.minInsyncReplicas',
    'more than replicationFactor: nothing could ever be written',
  ),
  ...refuseIf(
    replicationFactor > 1 && minInsyncReplicas === replicationFactor,
    'topics.minInsyncReplicas',
    'as many as replicas: one broker in maintenance would stop all writing',
  ),
];

const recordsOutliveTheirRetries: Check = ({ eventSource, topics }) =>
  refuseIf(
    eventSource.maxRecordAgeSeconds > topics.retentionHours * 3600,
    'eventSource.maxRecordAgeSeconds',
    'longer than topics.retentionHours keeps a record',
  );

export const kafkaChecks: readonly Check[] = [
  subnetsHaveZones,
  pollersHavePartitions,
  pollersAreInOrder,
  brokersTakeTheVersion,
  brokersDivideOverZones,
  replicasHaveBrokers,
  writesSurviveMaintenance,
  recordsOutliveTheirRetries,
];
