/** Why Lambda did not run a function at all; `code` and `status` are those of its API. */
export class InvokeError extends Error {
  override readonly name = 'InvokeError';
  readonly code: InvokeErrorCode;
  readonly status: number;

  constructor(code: InvokeErrorCode, message: string) {
    super(message);
    this.code = code;
    this.status = statuses[code];
  }
}

const statuses = {
  ResourceNotFoundException: 404,
  InvalidRequestContentException: 400,
  RecursiveInvocationException: 400,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
  ServiceException: 500,
} as const;

export type InvokeErrorCode = keyof typeof statuses;
