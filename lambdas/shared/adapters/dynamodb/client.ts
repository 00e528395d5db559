import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * One client per process. An attempt that has no answer after two seconds is given up and made again: every write of
 * ours is conditional or idempotent, so a repeated one does no harm.
 */
export function createDynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
}
