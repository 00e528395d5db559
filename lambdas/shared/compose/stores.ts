import { createDynamoDbClient } from '../adapters/dynamodb/client.ts';
import { DynamoDbConnections } from '../adapters/dynamodb/connections.ts';
import { clearSession, DynamoDbLog } from '../adapters/dynamodb/log.ts';
import { DynamoDbMarkers } from '../adapters/dynamodb/markers.ts';
import { DynamoDbMemory } from '../adapters/dynamodb/memory.ts';
import { DynamoDbSessions } from '../adapters/dynamodb/sessions.ts';
import { Table } from '../adapters/dynamodb/table.ts';
import { DynamoDbTraces } from '../adapters/dynamodb/traces.ts';
import { setting } from '../platform/env.ts';

const client = createDynamoDbClient();

/** The parts that more than one function is made of; each function takes those it needs, once, at start-up. */
export function sessionStores() {
  const table = new Table(client, setting('SESSIONS_TABLE'));
  return {
    table,
    sessions: new DynamoDbSessions(table),
    log: new DynamoDbLog(table),
    markers: new DynamoDbMarkers(table),
    traces: new DynamoDbTraces(table),
    clearLog: async (sessionId: string) => clearSession(table, sessionId),
  };
}

export function memoryStore(): DynamoDbMemory {
  return new DynamoDbMemory(new Table(client, setting('MEMORY_TABLE')));
}

export function connectionStore(): DynamoDbConnections {
  return new DynamoDbConnections(new Table(client, setting('CONNECTIONS_TABLE')));
}
