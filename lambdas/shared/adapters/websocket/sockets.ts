import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Sockets } from '../../domain/delivery.ts';
import type { Logger } from '../../platform/logger.ts';

/** What one push may take in milliseconds, repeats included: others' records wait behind the batch that it is part of. */
const patienceMs = 3_000;

/** Sockets behind an API Gateway WebSocket stage. Throttling and 5xx are tried again with backoff, then reported. */
export class ApiGatewaySockets implements Sockets {
  readonly #client: ApiGatewayManagementApiClient;
  readonly #logger: Logger;
  readonly #patienceMs: number;

  constructor(endpoint: string, logger: Logger, patience = patienceMs) {
    this.#patienceMs = patience;
    this.#client = new ApiGatewayManagementApiClient({
      endpoint,
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
    });
    this.#logger = logger;
  }

  async post(connectionId: string, data: string): Promise<'sent' | 'gone' | 'failed'> {
    try {
      const command = new PostToConnectionCommand({ ConnectionId: connectionId, Data: data });
      await this.#client.send(command, { abortSignal: AbortSignal.timeout(this.#patienceMs) });
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException) return 'gone';
      this.#logger.log('warn', 'push failed', { connection_id: connectionId, error });
      return 'failed';
    }
  }

  async close(connectionId: string): Promise<void> {
    try {
      await this.#client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!(error instanceof GoneException)) this.#logger.log('warn', 'close failed', { error });
    }
  }
}
