/** A request as it travels from the front door to an origin. */
export interface HttpRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names as the client wrote them, in its order. */
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

export type HeaderField = readonly [name: string, value: string];

export function headerValue(headers: readonly HeaderField[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const values = headers.filter(([own]) => own.toLowerCase() === wanted).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(wanted === 'cookie' ? '; ' : ',');
}

/** The fields without those of these names. */
export function withoutHeaders(headers: readonly HeaderField[], names: readonly string[]): HeaderField[] {
  const dropped = new Set(names.map((name) => name.toLowerCase()));
  return headers.filter(([name]) => !dropped.has(name.toLowerCase()));
}

/** Node's flat list of names and values as fields. */
export function fieldsOf(rawHeaders: readonly string[]): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) fields.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return fields;
}

export function json(status: number, value: unknown, headers: readonly HeaderField[] = []): HttpResponse {
  return {
    status,
    headers: [['content-type', 'application/json'], ...headers],
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** `12/Mar/2020:19:03:58 +0000`: the time format of API Gateway's request contexts. */
export function logTime(epochMs: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
