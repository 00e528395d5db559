/** Who calls: DynamoDB Local and LocalStack keep the tables of each access key and Region apart. */
export interface Caller {
  readonly region: string;
  readonly accessKeyId: string;
}

/** An error that the DynamoDB API answered, by its short name, for instance `ResourceNotFoundException`. */
export class DynamoDbApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'DynamoDbApiError';
    this.code = code;
  }
}

/**
 * One operation of the DynamoDB API. It is not really signed: embedded stores and emulators read of the signature only
 * who calls, and the SDK would cost 80 ms at each start.
 */
export async function callDynamoDb(
  endpoint: string,
  caller: Caller,
  operation: string,
  input: unknown,
): Promise<unknown> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${caller.accessKeyId}/${stamp.slice(0, 8)}/${caller.region}/dynamodb/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': stamp,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(5000),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const { code, message } = errorOf(text);
  throw new DynamoDbApiError(code, message || `HTTP ${response.status}`);
}

function errorOf(text: string): { code: string; message: string } {
  try {
    const body = JSON.parse(text) as { __type?: string; message?: string; Message?: string };
    return { code: body.__type?.split('#').at(-1) ?? 'UnknownError', message: body.message ?? body.Message ?? '' };
  } catch {
    return { code: 'UnknownError', message: text.slice(0, 200) };
  }
}
