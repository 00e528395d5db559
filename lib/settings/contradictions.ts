import type { FunctionName } from '../functions/names.ts';
import { metadataOf } from './cluster.ts';
import { faultOfCidr } from './network-address.ts';
import type { StageSettings } from './schema.ts';

/** The setting at fault, and why, for the person at the terminal. */
export interface Contradiction {
  readonly path: readonly string[];
  readonly message: string;
}

/** Settings that are each well formed and do not go together. */
type Check = (settings: StageSettings) => readonly Contradiction[];

const refuse = (path: string, message: string): Contradiction[] => [{ path: path.split('.'), message }];
const refuseIf = (wrong: boolean, path: string, message: string): Contradiction[] =>
  wrong ? refuse(path, message) : [];

const rangeHoldsTheSubnets: Check = ({ kafka, network }) => {
  const fault = kafka.source === 'new' ? faultOfCidr(network.cidr, network.zones) : undefined;
  return fault === undefined ? [] : refuse('network.cidr', fault);
};

const behindApis: readonly FunctionName[] = [
  'ws-connect',
  'ws-disconnect',
  'ws-message',
  'ws-resume',
  'http-api',
  'http-message',
];

const apiGatewayWaits: Check = ({ functions }) =>
  behindApis.flatMap((name) =>
    refuseIf(
      functions[name].timeoutSeconds > 28,
      `functions.${name}.timeoutSeconds`,
      'at most 28: API Gateway waits 29 seconds and then answers for it',
    ),
  );

const sweepsDoNotOverlap: Check = ({ functions }) =>
  refuseIf(
    functions.sweep.timeoutSeconds > 55,
    'functions.sweep.timeoutSeconds',
    'at most 55: the next one starts after a minute',
  );

const conversationHasTime: Check = ({ functions }) =>
  refuseIf(
    functions.conversation.timeoutSeconds < 20,
    'functions.conversation.timeoutSeconds',
    'at least 20: ten for the model, ten for storing its answer',
  );

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

const openIsForTrying: Check = ({ auth, stage, keepData }) =>
  refuseIf(
    auth === 'open' && (stage === 'prod' || keepData),
    'auth',
    '"open" lets anybody read every session: not for the stage prod, nor one that keeps data',
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

const endpointsHaveZones: Check = ({ network }) =>
  refuseIf(network.endpointZones > network.zones, 'network.endpointZones', 'more than network.zones');

const recordsOutliveTheirRetries: Check = ({ eventSource, topics }) =>
  refuseIf(
    eventSource.maxRecordAgeSeconds > topics.retentionHours * 3600,
    'eventSource.maxRecordAgeSeconds',
    'longer than topics.retentionHours keeps a record',
  );

const checks: readonly Check[] = [
  rangeHoldsTheSubnets,
  apiGatewayWaits,
  sweepsDoNotOverlap,
  subnetsHaveZones,
  pollersHavePartitions,
  conversationHasTime,
  openIsForTrying,
  brokersTakeTheVersion,
  brokersDivideOverZones,
  replicasHaveBrokers,
  writesSurviveMaintenance,
  pollersAreInOrder,
  endpointsHaveZones,
  recordsOutliveTheirRetries,
];

export const contradictions = (settings: StageSettings): Contradiction[] => checks.flatMap((check) => check(settings));
