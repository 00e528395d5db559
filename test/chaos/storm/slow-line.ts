import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The network between clients and the product: whole, but at times slow. */
export interface SlowLine {
  readonly url: string;
  /** What each piece of data takes, either way, in milliseconds. Order is kept, as TCP does. */
  delayMs: number;
  stop(): Promise<void>;
}

/** @param target address of the product, asked for at each connection: a restarted one has another */
export async function startSlowLine(target: () => string): Promise<SlowLine> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(target());
    const product = connect({ host: hostname, port: Number(port) });
    pass(client, product);
    pass(product, client);
  });
  const line: SlowLine = {
    url: '',
    delayMs: 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };

  function pass(from: Socket, to: Socket): void {
    let sent = Promise.resolve();
    let waiting = 0;
    sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (line.delayMs === 0 && waiting === 0) {
        to.write(chunk);
        return;
      }
      const due = performance.now() + line.delayMs;
      waiting += 1;
      sent = sent
        .then(() => delay(Math.max(0, due - performance.now())))
        .then(() => {
          waiting -= 1;
          if (!to.destroyed) to.write(chunk);
        });
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      void sent.then(() => to.destroy());
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return Object.assign(line, { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` });
}
