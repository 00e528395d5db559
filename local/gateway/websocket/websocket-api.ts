import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type HeaderField, headerValue } from '../../http/message.ts';
import type { Lambda } from '../../lambda/lambda.ts';
import { newTraceHeader } from '../../lambda/lineage.ts';
import type { Log } from '../../log.ts';
import type { WebSocketApiSpec } from '../../template/model.ts';
import { gatewayId } from '../request-id.ts';
import { within } from '../within.ts';
import { Connection } from './connection.ts';
import { type ConnectionFacts, connectEvent, disconnectEvent, messageEvent, type WebSocketEvent } from './event.ts';
import { awsWebSocketLimits, type WebSocketLimits } from './limits.ts';
import { type ProxyResponse, proxyResponse } from './proxy-response.ts';
import { refuseHandshake } from './refuse-handshake.ts';
import { selectRoute } from './route-selection.ts';

export interface WebSocketApiOptions {
  readonly spec: WebSocketApiSpec;
  readonly lambda: Pick<Lambda, 'invoke'>;
  readonly region: string;
  readonly limits?: Partial<WebSocketLimits>;
  readonly log: Log;
}

/** A handshake as it leaves the front door. */
export interface Handshake {
  readonly path: string;
  readonly query: string;
  readonly headers: readonly HeaderField[];
  readonly sourceIp: string;
}

/** How an integration ended: its answer, or the text of the error frame. */
type Integration = { readonly response: ProxyResponse } | { readonly error: string };

/** A WebSocket API with Lambda proxy integrations. */
export class WebSocketApi {
  readonly spec: WebSocketApiSpec;
  readonly connections = new Map<string, Connection>();
  readonly #options: WebSocketApiOptions;
  readonly #limits: WebSocketLimits;
  readonly #server: WebSocketServer;
  /** The subprotocol that the `$connect` function chose, by handshake. */
  readonly #protocols = new WeakMap<IncomingMessage, string>();

  constructor(options: WebSocketApiOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.#limits = { ...awsWebSocketLimits, ...options.limits };
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageBytes,
      handleProtocols: (_, request) => this.#protocols.get(request) ?? false,
    });
  }

  /** Runs `$connect` and, if it agrees, completes the handshake. */
  async handshake(request: IncomingMessage, stream: Duplex, head: Buffer, handshake: Handshake): Promise<void> {
    stream.on('error', () => stream.destroy());
    if (handshake.path !== `/${this.spec.stage}`) return refuseHandshake(stream, 403);
    const facts = this.#facts(handshake);
    const status = await this.#connect(request, facts, handshake);
    if (status < 200 || status >= 300) {
      this.#options.log.info(`refused with ${status}`);
      refuseHandshake(stream, status);
      this.#disconnected(facts, 1006, '');
    } else if (stream.destroyed) this.#disconnected(facts, 1006, '');
    else this.#server.handleUpgrade(request, stream, head, (socket) => this.#opened(facts, socket, stream));
  }

  /** Closes all sockets at once. */
  stop(): void {
    for (const connection of this.connections.values()) connection.terminate();
    this.#server.close();
  }

  #facts({ sourceIp, headers }: Handshake): ConnectionFacts {
    const { apiId, stage } = this.spec;
    return {
      connectionId: gatewayId(),
      connectedAt: Date.now(),
      apiId,
      stage,
      domainName: `${apiId}.execute-api.${this.#options.region}.amazonaws.com`,
      sourceIp,
      userAgent: headerValue(headers, 'user-agent'),
    };
  }

  /** Status code for the handshake. */
  async #connect(request: IncomingMessage, facts: ConnectionFacts, { headers, query }: Handshake): Promise<number> {
    const route = this.#route('$connect');
    if (route === undefined) return 200;
    const traceHeader = newTraceHeader();
    const result = await this.#integrate('$connect', connectEvent(facts, headers, query, traceHeader), traceHeader);
    if ('error' in result) return 502;
    const protocol = result.response.headers['sec-websocket-protocol'];
    if (protocol !== undefined) this.#protocols.set(request, protocol);
    return result.response.status;
  }

  #opened(facts: ConnectionFacts, socket: WebSocket, stream: Duplex): void {
    const connection: Connection = new Connection({
      facts,
      socket,
      stream,
      limits: this.#limits,
      // Not one after the other: API Gateway hands the frames of one socket to functions side by side.
      onMessage: (body) => void this.#message(connection, body),
      onClose: (code, reason) => {
        this.connections.delete(facts.connectionId);
        this.#options.log.info(`closed ${facts.connectionId} with ${code}${reason === '' ? '' : ` (${reason})`}`);
        this.#disconnected(facts, code, reason);
      },
    });
    this.connections.set(facts.connectionId, connection);
    this.#options.log.info(`opened ${facts.connectionId}`);
  }

  async #message(connection: Connection, body: string): Promise<void> {
    const selected = selectRoute(this.spec.routeSelectionExpression, body);
    const custom = selected?.startsWith('$') ? undefined : this.#route(selected);
    const route = custom ?? this.#route('$default');
    const event = messageEvent(connection.facts, route?.routeKey ?? '$default', body);
    if (route === undefined) return errorFrame(connection, event, 'Forbidden');
    const result = await this.#integrate(route.routeKey, event, newTraceHeader());
    if ('error' in result) errorFrame(connection, event, result.error);
    else if (route.returnResponse && result.response.body.length > this.#limits.messageBytes) {
      errorFrame(connection, event, 'Internal server error');
    } else if (route.returnResponse && result.response.body.length > 0) connection.send(result.response.body);
  }

  #disconnected(facts: ConnectionFacts, code: number, reason: string): void {
    if (this.#route('$disconnect') === undefined) return;
    void this.#integrate('$disconnect', disconnectEvent(facts, code, reason), newTraceHeader());
  }

  /** Never rejects. */
  async #integrate(routeKey: string, event: WebSocketEvent, traceHeader: string): Promise<Integration> {
    const route = this.#route(routeKey);
    if (route === undefined) return { error: 'Forbidden' };
    try {
      const payload = JSON.stringify(event);
      const invocation = this.#options.lambda.invoke({ functionName: route.functionName, payload, traceHeader });
      const outcome = await within(invocation, route.timeoutMs);
      if (outcome === undefined) return { error: 'Endpoint request timed out' };
      const response = outcome.functionError === undefined ? proxyResponse(outcome.payload) : undefined;
      return response === undefined ? { error: 'Internal server error' } : { response };
    } catch {
      return { error: 'Internal server error' };
    }
  }

  #route(routeKey: string | undefined): WebSocketApiSpec['routes'][number] | undefined {
    return this.spec.routes.find((route) => route.routeKey === routeKey);
  }
}

function errorFrame(connection: Connection, { requestContext }: WebSocketEvent, message: string): void {
  const { connectionId, requestId } = requestContext;
  connection.send(Buffer.from(JSON.stringify({ message, connectionId, requestId })));
}
