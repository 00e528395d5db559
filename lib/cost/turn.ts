import type { FunctionName } from '../functions/names.ts';
import * as price from './prices.ts';
import { memoryMb, type Template } from './template.ts';

/** What one chat turn uses: one question, one answer, one open tab. */
export interface TurnProfile {
  /** Minutes that a socket stays open for a turn. */
  readonly connectedMinutes: number;
  /** Handshakes: a socket serves several turns. */
  readonly handshakes: number;
  /** Bytes to the browser by CloudFront, and through the VPC's interface endpoint. */
  readonly edgeBytes: number;
  readonly endpointBytes: number;
  /** Messages of at most 32 KB over the socket: question, `accepted`, `user`, `assistant`. */
  readonly socketMessages: number;
  /** Pushes of streamed text; of the ephemeral lane, so counted apart. */
  readonly deltas: number;
  /** Calls and billed milliseconds of each function. */
  readonly calls: Partial<Record<FunctionName, { readonly calls: number; readonly msEach: number }>>;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Bytes of the functions' log lines, those of the platform included, and of the APIs' access logs. */
  readonly logBytes: number;
  readonly accessLogBytes: number;
}

export interface CostItem {
  readonly what: string;
  /** US dollars for a million turns. */
  readonly perMillion: number;
}

/** Cost of a million turns, without the model's own price, from the sizes in the templates. Highest first. */
export function turnItems(templates: readonly Template[], profile: TurnProfile): CostItem[] {
  const memory = memoryMb(templates);
  const million = 1_000_000;
  const functions = Object.entries(profile.calls).map(([name, { calls, msEach }]) => {
    const gbSeconds = ((memory.get(name) ?? 0) / 1024) * (msEach / 1000) * calls;
    return {
      what: `Lambda ${name}, ${calls} x ${msEach} ms`,
      perMillion: million * (gbSeconds * price.lambda.gbSecond + calls * price.lambda.request),
    };
  });
  return [
    ...functions,
    {
      what: `WebSocket messages, ${profile.socketMessages}`,
      perMillion: million * profile.socketMessages * price.api.webSocketMessage,
    },
    {
      what: `connected minutes, ${profile.connectedMinutes}`,
      perMillion: million * profile.connectedMinutes * price.api.connectionMinute,
    },
    {
      what: `DynamoDB writes, ${profile.writeUnits} units`,
      perMillion: million * profile.writeUnits * price.dynamoDb.write,
    },
    {
      what: `DynamoDB reads, ${profile.readUnits} units`,
      perMillion: million * profile.readUnits * price.dynamoDb.read,
    },
    {
      what: `CloudFront, ${profile.handshakes} requests, ${profile.edgeBytes} bytes`,
      perMillion:
        million * (profile.handshakes * price.cloudFront.request + (profile.edgeBytes * price.cloudFront.gb) / 1e9),
    },
    {
      what: `interface endpoint, ${profile.endpointBytes} bytes`,
      perMillion: (million * profile.endpointBytes * price.interfaceEndpointGb) / 1e9,
    },
    {
      what: `function logs, ${profile.logBytes} bytes`,
      perMillion: (million * profile.logBytes * price.cloudWatch.logsGb) / 1e9,
    },
    {
      what: `access logs, ${profile.accessLogBytes} bytes`,
      perMillion: (million * profile.accessLogBytes * price.infrequentLogsGb) / 1e9,
    },
  ].sort((a, b) => b.perMillion - a.perMillion);
}

/** Of the pushes of streamed text, each an additional socket message. */
export const deltasPerMillion = ({ deltas }: TurnProfile): number => 1_000_000 * deltas * price.api.webSocketMessage;
