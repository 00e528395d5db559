import type { FunctionName } from '../functions/names.ts';
import { type Check, type Contradiction, refuse, refuseIf } from './contradiction.ts';
import { kafkaChecks } from './kafka-contradictions.ts';
import { faultOfCidr, isZoneId } from './network-address.ts';
import type { StageSettings } from './schema.ts';

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

const openIsForTrying: Check = ({ auth, stage, keepData }) =>
  refuseIf(
    auth === 'open' && (stage === 'prod' || keepData),
    'auth',
    '"open" lets anybody read every session: not for the stage prod, nor one that keeps data',
  );

const zonesAreNamedWhole: Check = ({ kafka, network: { zones, zoneNames } }) => {
  if (zoneNames === undefined) return [];
  if (kafka.source === 'existing')
    return refuse(
      'network.zoneNames',
      'of a new VPC only: a cluster that exists has its zones in kafka.availabilityZones',
    );
  return [
    ...refuseIf(zoneNames.length !== zones, 'network.zoneNames', `as many as network.zones (${zones})`),
    ...refuseIf(new Set(zoneNames).size < zoneNames.length, 'network.zoneNames', 'each once'),
    ...refuseIf(
      new Set(zoneNames.map(isZoneId)).size > 1,
      'network.zoneNames',
      'all by name or all by id: whether a name and an id are the same zone, only the account knows',
    ),
  ];
};

const endpointsHaveZones: Check = ({ network }) =>
  refuseIf(network.endpointZones > network.zones, 'network.endpointZones', 'more than network.zones');

const checks: readonly Check[] = [
  ...kafkaChecks,
  rangeHoldsTheSubnets,
  apiGatewayWaits,
  sweepsDoNotOverlap,
  conversationHasTime,
  openIsForTrying,
  zonesAreNamedWhole,
  endpointsHaveZones,
];

export const contradictions = (settings: StageSettings): Contradiction[] => checks.flatMap((check) => check(settings));
