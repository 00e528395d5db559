/**
 * Addresses of the real Kafka and DynamoDB that `npm run test:real` started or was given; undefined under `npm test`,
 * where the embedded ones stand for them.
 */
export const realParts: { readonly kafkaBrokers: string; readonly dynamodbEndpoint: string } | undefined =
  process.env.SWITCHBOARD_PARTS === 'real'
    ? { kafkaBrokers: required('KAFKA_BROKERS'), dynamodbEndpoint: required('AWS_ENDPOINT_URL_DYNAMODB') }
    : undefined;

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`SWITCHBOARD_PARTS=real needs ${name}; npm run test:real sets it`);
  return value;
}
