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
