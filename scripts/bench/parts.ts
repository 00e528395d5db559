import { startDynamoDbLocal } from '../real-parts/dynamodb-local.ts';
import { startRealKafka } from '../real-parts/kafka.ts';

/** Broker and store that the product is to use. */
export interface Parts {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Apache Kafka and DynamoDB Local: those that the environment names, or new ones on loopback. */
export async function realParts(cacheDir: string, say: (line: string) => void): Promise<Parts> {
  const { KAFKA_BROKERS, AWS_ENDPOINT_URL_DYNAMODB } = process.env;
  const kafka = KAFKA_BROKERS ? undefined : await startRealKafka(cacheDir);
  const dynamodb = AWS_ENDPOINT_URL_DYNAMODB ? undefined : await startDynamoDbLocal(cacheDir);
  const brokers = KAFKA_BROKERS || kafka?.brokers || '';
  const endpoint = AWS_ENDPOINT_URL_DYNAMODB || dynamodb?.endpoint || '';
  say(`Kafka ${brokers}, DynamoDB ${endpoint}`);
  return {
    name: 'Apache Kafka and DynamoDB Local',
    env: { KAFKA_BROKERS: brokers, AWS_ENDPOINT_URL_DYNAMODB: endpoint },
    stop: async () => {
      await Promise.all([kafka?.stop(), dynamodb?.stop()]);
    },
  };
}
