/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export interface WebSocketLimits {
  /** Bytes of one frame, in both directions. */
  readonly frameBytes: number;
  /** Bytes of one message, in both directions. */
  readonly messageBytes: number;
  readonly idleMs: number;
  readonly lifeMs: number;
  /** Bytes that may wait for a client that does not read; AWS names no number. */
  readonly bufferBytes: number;
}

export const awsWebSocketLimits: WebSocketLimits = {
  frameBytes: 32_768,
  messageBytes: 131_072,
  idleMs: 600_000,
  lifeMs: 7_200_000,
  bufferBytes: 4_194_304,
};
