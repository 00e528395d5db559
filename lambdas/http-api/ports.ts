import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { DynamoDbLog } from '../shared/adapters/dynamodb/log.ts';
import type { DynamoDbSessions } from '../shared/adapters/dynamodb/sessions.ts';
import type { DynamoDbTraces } from '../shared/adapters/dynamodb/traces.ts';
import type { Connections } from '../shared/domain/connections.ts';
import type { Sockets } from '../shared/domain/delivery.ts';
import type { Markers } from '../shared/domain/markers.ts';
import type { Memory } from '../shared/domain/memory.ts';
import type { HttpAnswer } from '../shared/http/respond.ts';
import type { Authenticate } from '../shared/platform/authenticate.ts';
import type { GuestTokens, Identity } from '../shared/platform/identity.ts';

export interface ApiPorts {
  readonly sessions: DynamoDbSessions;
  readonly log: DynamoDbLog;
  readonly markers: Markers;
  readonly traces: DynamoDbTraces;
  readonly memory: Memory;
  readonly connections: Connections;
  readonly sockets: Sockets;
  readonly clearLog: (sessionId: string) => Promise<void>;
  readonly authenticate: Authenticate;
  readonly tokens?: () => Promise<GuestTokens>;
  /** The model's name; `demo` offline without a key. */
  readonly model: string;
}

/** A call as a route sees it. */
export interface Call {
  readonly event: APIGatewayProxyEventV2;
  readonly caller: Identity | undefined;
  /** What stood in the path's places, in order. */
  readonly places: readonly string[];
}

export type Route = (ports: ApiPorts, call: Call) => Promise<HttpAnswer>;
