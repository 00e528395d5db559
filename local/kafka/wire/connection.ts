import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { KafkaError } from './kafka-error.ts';
import { WireReader } from './reader.ts';
import { saslBearer, saslHandshake } from './requests/sasl.ts';
import { WireWriter } from './writer.ts';

/** One exchange: which API in which version, how its body is written and its answer read. */
export interface Exchange<T> {
  readonly api: number;
  readonly version: number;
  /** Versions with tagged fields carry one more byte in both headers. */
  readonly flexible?: boolean;
  /** Milliseconds on top of the connection's own time limit, for requests that the broker holds back. */
  readonly patienceMs?: number;
  readonly write: (body: WireWriter) => void;
  readonly read: (body: WireReader) => T;
}

/** How a broker that asks for it is shown who calls: SASL/OAUTHBEARER, over TLS unless `tls` is false. */
export interface Security {
  readonly token: () => Promise<string>;
  readonly tls?: boolean;
}

/** Far above what a fetch here may ask for; a server of another kind announces more in its first four bytes. */
const largestAnswer = 256 * 1024 * 1024;

interface Waiting {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: KafkaError) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A TCP connection to one broker: requests go out as they come, answers are matched by correlation id. A request that
 * stays unanswered closes the connection, since a dead link tells nobody (kafkajs keeps such a socket for minutes).
 */
export class Connection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes needed before there is anything to do: a length, or a whole answer. */
  #wanted = 4;
  #nextId = 0;
  #failure: KafkaError | undefined;

  private constructor(socket: Socket, name: string, timeoutMs: number) {
    this.#socket = socket;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (cause) => this.#fail(`${name}: ${cause.message}`, cause));
    socket.on('close', () => this.#fail(`${name}: connection closed`));
  }

  /** Rejects with KafkaError: `CONNECTION_FAILED` when nobody answers at that address in time. */
  static async open(host: string, port: number, timeoutMs: number, security?: Security): Promise<Connection> {
    const connection = await Connection.#connected(host, port, timeoutMs, security?.tls ?? security !== undefined);
    if (!security) return connection;
    try {
      await connection.send(saslHandshake('OAUTHBEARER'));
      await connection.send(saslBearer(await security.token()));
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  static #connected(host: string, port: number, timeoutMs: number, tls: boolean): Promise<Connection> {
    const name = `${host}:${port}`;
    return new Promise((resolve, reject) => {
      const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port });
      const refuse = (reason: string, cause?: unknown) => {
        clearTimeout(timer);
        socket.destroy();
        reject(new KafkaError('CONNECTION_FAILED', `${name}: ${reason}`, { retryable: true, cause }));
      };
      const timer = setTimeout(() => refuse(`no connection within ${timeoutMs} ms`), timeoutMs);
      socket.once('error', (cause: NodeJS.ErrnoException) => refuse(cause.code ?? cause.message, cause));
      socket.once(tls ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.removeAllListeners('error');
        resolve(new Connection(socket, name, timeoutMs));
      });
    });
  }

  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /** Sends one request and reads its answer; every failure is a KafkaError. */
  async send<T>(exchange: Exchange<T>): Promise<T> {
    if (this.#failure) throw this.#failure;
    this.#nextId = (this.#nextId + 1) & 0x7fffffff;
    const id = this.#nextId;
    const request = new WireWriter()
      .int32(0)
      .int16(exchange.api)
      .int16(exchange.version)
      .int32(id)
      .string('switchboard');
    if (exchange.flexible) request.int8(0);
    exchange.write(request);
    request.patchInt32(0, request.length - 4);

    const limit = this.#timeoutMs + (exchange.patienceMs ?? 0);
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(`${this.#name}: no answer within ${limit} ms`, undefined, 'REQUEST_UNANSWERED');
      }, limit);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket.write(request.view());
    });
    const reader = new WireReader(answer, 4);
    if (exchange.flexible) reader.skipTags();
    try {
      return exchange.read(reader);
    } catch (cause) {
      if (cause instanceof KafkaError) throw cause;
      throw new KafkaError('UNREADABLE_ANSWER', `${this.#name}: api ${exchange.api} answered something unreadable`, {
        retryable: false,
        cause,
      });
    }
  }

  close(): void {
    this.#fail(`${this.#name}: closed here`);
  }

  /** Gathers chunks until an answer is whole, and joins them once: a large answer comes in hundreds of chunks. */
  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= this.#wanted) {
      const received = this.#chunks.length === 1 ? (this.#chunks[0] ?? chunk) : Buffer.concat(this.#chunks);
      const end = 4 + received.readInt32BE(0);
      if (end < 8 || end > largestAnswer) {
        this.#fail(`${this.#name}: what answers there is not Kafka`);
        return;
      }
      if (received.length < end) {
        this.#chunks = [received];
        this.#wanted = end;
        return;
      }
      const rest = received.subarray(end);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#buffered = rest.length;
      this.#wanted = 4;
      this.#answer(received.subarray(4, end));
    }
  }

  #answer(body: Buffer): void {
    const id = body.readInt32BE(0);
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(body);
  }

  #fail(message: string, cause?: unknown, code = 'CONNECTION_FAILED'): void {
    if (this.#failure) return;
    this.#failure = new KafkaError(code, message, { retryable: true, cause });
    this.#socket.destroy();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#failure);
    }
    this.#waiting.clear();
  }
}
