import { isObject, text, texts } from '../../template/json.ts';

export interface ProxyResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A function's answer on a WebSocket route; undefined when it is no proxy response, an internal server error. */
export function proxyResponse(payload: string): ProxyResponse | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer)) return undefined;
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (answer.body !== undefined && answer.body !== null && typeof answer.body !== 'string') return undefined;
  const headers = Object.entries(texts(answer.headers)).map(([name, value]) => [name.toLowerCase(), value] as const);
  const body = Buffer.from(text(answer.body) ?? '', answer.isBase64Encoded === true ? 'base64' : 'utf8');
  return { status, headers: Object.fromEntries(headers), body };
}
