import { createDynamoDbClient } from './adapters/dynamodb/client.ts';
import { DynamoDbConnections } from './adapters/dynamodb/connections.ts';
import { clearSession, DynamoDbLog } from './adapters/dynamodb/log.ts';
import { DynamoDbMarkers } from './adapters/dynamodb/markers.ts';
import { DynamoDbMemory } from './adapters/dynamodb/memory.ts';
import { DynamoDbSessions } from './adapters/dynamodb/sessions.ts';
import { guestTokens } from './adapters/dynamodb/signing-key.ts';
import { Table } from './adapters/dynamodb/table.ts';
import { KafkaPublisher } from './adapters/kafka/publisher.ts';
import { type Authenticate, guestAuthentication, openAuthentication } from './platform/authenticate.ts';
import { setting } from './platform/env.ts';
import type { GuestTokens } from './platform/identity.ts';

const client = createDynamoDbClient();

/** The parts that more than one function is made of; each function takes those it needs, once, at start-up. */
export function sessionStores() {
  const table = new Table(client, setting('SESSIONS_TABLE'));
  return {
    table,
    sessions: new DynamoDbSessions(table),
    log: new DynamoDbLog(table),
    markers: new DynamoDbMarkers(table),
    clearLog: async (sessionId: string) => clearSession(table, sessionId),
  };
}

export function memoryStore(): DynamoDbMemory {
  return new DynamoDbMemory(new Table(client, setting('MEMORY_TABLE')));
}

export function connectionStore(): DynamoDbConnections {
  return new DynamoDbConnections(new Table(client, setting('CONNECTIONS_TABLE')));
}

/** A producer that begins to connect at once. */
export function kafkaPublisher(clientId: string): KafkaPublisher {
  const auth = setting('KAFKA_AUTH') === 'none' ? 'none' : 'iam';
  const publisher = new KafkaPublisher({ brokers: setting('KAFKA_BROKERS'), auth, clientId });
  publisher.warm();
  return publisher;
}

/** Authentication as the stage is set up, and the tokens for those who come without. */
export function authentication(table: Table): { authenticate: Authenticate; tokens?: () => Promise<GuestTokens> } {
  if (setting('AUTH') === 'open') return { authenticate: openAuthentication };
  let known: Promise<GuestTokens> | undefined;
  const tokens = () => {
    known ??= guestTokens(table).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return { authenticate: guestAuthentication(tokens), tokens };
}
