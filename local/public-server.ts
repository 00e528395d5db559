import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FrontDoor } from './front-door/front-door.ts';
import { incoming, reply } from './front-door/serve.ts';
import { httpBodyLimit } from './gateway/http-api/http-api.ts';
import { refuseHandshake } from './gateway/websocket/refuse-handshake.ts';
import { listenOnLocalhost } from './http/listen.ts';
import { json } from './http/message.ts';
import type { Log } from './log.ts';

export interface PublicServer {
  readonly port: number;
  close(): void;
}

/** The one origin that people and clients see. Until `frontDoor` is there it answers 503. Throws StartupError naming PORT. */
export async function startPublicServer(
  port: number,
  frontDoor: () => FrontDoor | undefined,
  log: Log,
): Promise<PublicServer> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = performance.now();
    const door = frontDoor();
    if (door === undefined) return reply(request, response, json(503, { message: 'Starting' }, [['retry-after', '1']]));
    const [path = '/'] = (request.url ?? '/').split('?');
    const forApi = door.takesBody(path);
    const message = await incoming(request, forApi ? httpBodyLimit : 1_048_576);
    const answer = message === undefined ? undefined : await door.handle(message);
    reply(request, response, answer);
    const line = `${request.method} ${path} ${response.statusCode} ${(performance.now() - started).toFixed(0)} ms`;
    if (forApi || response.statusCode >= 500) log.info(line);
    else log.debug(line);
  };
  const servers = [1, 2].map((): Server => {
    const server = createServer((request, response) => {
      void handle(request, response).catch((error: unknown) => {
        // The client went away in the middle of its request, or the runtime has a fault; neither may end the runtime.
        if (!request.destroyed) log.error(String(error));
        response.destroy();
      });
    });
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', () => stream.destroy());
      const door = frontDoor();
      if (door === undefined) return refuseHandshake(stream, 503);
      void door.upgrade(request, stream, head).catch((error: unknown) => {
        log.error(String(error));
        stream.destroy();
      });
    });
    return server;
  });
  const [ipv4, ipv6] = servers;
  if (ipv4 === undefined || ipv6 === undefined) throw new Error('unreachable');
  const chosen = await listenOnLocalhost(ipv4, ipv6, port);
  return {
    port: chosen,
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}
