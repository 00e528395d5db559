import { type HeaderField, logTime } from '../../http/message.ts';
import { gatewayId } from '../request-id.ts';

export interface ConnectionFacts {
  readonly connectionId: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly apiId: string;
  readonly stage: string;
  readonly domainName: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

type EventType = 'CONNECT' | 'DISCONNECT' | 'MESSAGE';

function requestContext(facts: ConnectionFacts, routeKey: string, eventType: EventType): Record<string, unknown> {
  const now = Date.now();
  const requestId = gatewayId();
  const { connectionId, connectedAt, apiId, stage, domainName, sourceIp, userAgent } = facts;
  return {
    routeKey,
    ...(eventType === 'MESSAGE' ? { messageId: gatewayId() } : {}),
    eventType,
    extendedRequestId: requestId,
    requestTime: logTime(now),
    messageDirection: 'IN',
    stage,
    connectedAt,
    requestTimeEpoch: now,
    identity: { ...(userAgent === undefined ? {} : { userAgent }), sourceIp },
    requestId,
    domainName,
    connectionId,
    apiId,
  };
}

export type WebSocketEvent = Record<string, unknown> & { readonly requestContext: Record<string, unknown> };

/** Headers, cookies and the query exist in this event only. */
export function connectEvent(
  facts: ConnectionFacts,
  headers: readonly HeaderField[],
  query: string,
  traceHeader: string,
): WebSocketEvent {
  const all: HeaderField[] = [
    ...headers,
    ['Host', facts.domainName],
    ['X-Amzn-Trace-Id', traceHeader],
    ['X-Forwarded-For', facts.sourceIp],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
  const parameters = [...new URLSearchParams(query)];
  return {
    headers: Object.fromEntries(all),
    multiValueHeaders: grouped(all),
    ...(parameters.length === 0
      ? {}
      : {
          queryStringParameters: Object.fromEntries(parameters),
          multiValueQueryStringParameters: grouped(parameters),
        }),
    requestContext: requestContext(facts, '$connect', 'CONNECT'),
    isBase64Encoded: false,
  };
}

export function messageEvent(facts: ConnectionFacts, routeKey: string, body: string): WebSocketEvent {
  return { requestContext: requestContext(facts, routeKey, 'MESSAGE'), body, isBase64Encoded: false };
}

export function disconnectEvent(facts: ConnectionFacts, code: number, reason: string): WebSocketEvent {
  const headers: HeaderField[] = [
    ['Host', facts.domainName],
    ['x-api-key', ''],
    ['X-Forwarded-For', ''],
    ['x-restapi', ''],
  ];
  return {
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    requestContext: {
      ...requestContext(facts, '$disconnect', 'DISCONNECT'),
      disconnectStatusCode: code,
      disconnectReason: reason,
    },
    isBase64Encoded: false,
  };
}

function grouped(fields: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups = Object.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    Object.entries(groups).map(([name, found]) => [name, (found ?? []).map(([, value]) => value)]),
  );
}
