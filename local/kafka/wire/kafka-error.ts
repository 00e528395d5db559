/** Error codes of the protocol that a client must tell apart; https://kafka.apache.org/protocol#protocol_error_codes */
const names: Readonly<Record<number, string>> = {
  1: 'OFFSET_OUT_OF_RANGE',
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  8: 'BROKER_NOT_AVAILABLE',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  14: 'COORDINATOR_LOAD_IN_PROGRESS',
  15: 'COORDINATOR_NOT_AVAILABLE',
  16: 'NOT_COORDINATOR',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  25: 'UNKNOWN_MEMBER_ID',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  30: 'GROUP_AUTHORIZATION_FAILED',
  35: 'UNSUPPORTED_VERSION',
  36: 'TOPIC_ALREADY_EXISTS',
  37: 'INVALID_PARTITIONS',
  38: 'INVALID_REPLICATION_FACTOR',
  40: 'INVALID_CONFIG',
  41: 'NOT_CONTROLLER',
  56: 'KAFKA_STORAGE_ERROR',
  74: 'FENCED_LEADER_EPOCH',
  78: 'OFFSET_NOT_AVAILABLE',
};

const retriable = new Set([2, 3, 5, 6, 7, 8, 13, 14, 15, 16, 19, 20, 41, 56, 74, 78]);

/**
 * A failed exchange with a broker. `code` is the protocol's name of the error, or `CONNECTION_FAILED` and
 * `REQUEST_UNANSWERED` for the way to the broker. `retryable`: the same request may succeed later.
 */
export class KafkaError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'KafkaError';
    this.code = code;
    this.retryable = options.retryable;
  }

  static fromCode(code: number, what: string): KafkaError {
    const name = names[code] ?? `ERROR_${code}`;
    return new KafkaError(name, `${what}: ${name}`, { retryable: retriable.has(code) });
  }

  /** Throws unless the code is 0. */
  static check(code: number, what: string): void {
    if (code !== 0) throw KafkaError.fromCode(code, what);
  }
}
