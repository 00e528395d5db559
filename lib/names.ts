import { Aws } from 'aws-cdk-lib';

/** Topics and consumer groups, as the contract names them. */
export const topics = {
  requests: 'chat-requests',
  responses: 'chat-responses',
  requestsDeadLetters: 'chat-requests-dlt',
  responsesDeadLetters: 'chat-responses-dlt',
} as const;

export type TopicName = (typeof topics)[keyof typeof topics];

export const consumerGroups = { supervisor: 'switchboard-supervisor', responder: 'switchboard-responder' } as const;

/** The only stage of the WebSocket API; the edge function sends `/ws/{id}` here. */
export const webSocketStage = 'chat';

/** Carries the origin secret from CloudFront to the functions behind the APIs. */
export const originHeader = 'x-origin-verify';

/**
 * For what has one name in all Regions of an account, or a stage in a second Region could not be deployed. CDK's own names of
 * such things lack the Region where a stack has none of its own.
 */
export const globalName = (stage: string, what: string): string => `switchboard-${stage}-${what}-${Aws.REGION}`;
