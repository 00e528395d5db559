import { KafkaPublisher } from '../adapters/kafka/publisher.ts';
import { setting } from '../platform/env.ts';

/** A producer that begins to connect at once. Apart from the stores: kafkajs is half a bundle of its own. */
export function kafkaPublisher(clientId: string): KafkaPublisher {
  const auth = setting('KAFKA_AUTH') === 'none' ? 'none' : 'iam';
  const publisher = new KafkaPublisher({ brokers: setting('KAFKA_BROKERS'), auth, clientId });
  publisher.warm();
  return publisher;
}
