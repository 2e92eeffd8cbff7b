import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface BreakableLine {
  /** The address of the stack, seen through this line. */
  apiUrl: string;
  /** WebSockets opened since the line was made. */
  readonly opened: number;
  /** Ends every WebSocket and lets no new one through until `mend`. HTTP requests go on. */
  cut(): void;
  /** WebSockets stay open, but nothing gets through them in either direction any more; new ones work. */
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A line to the stack that a test can break: a TCP proxy that knows which connections are WebSockets. */
export async function startBreakableLine(apiUrl: string): Promise<BreakableLine> {
  const target = new URL(apiUrl);
  const webSockets = new Set<{ near: Socket; far: Socket }>();
  const connections = new Set<Socket>();
  let isCut = false;
  let opened = 0;
  const server = createServer((near) => {
    connections.add(near);
    near.on('close', () => connections.delete(near));
    near.on('error', () => near.destroy());
    near.once('data', (head: Buffer) => {
      const isWebSocket = head.toString('latin1').startsWith('GET /realtime/v1/websocket');
      if (isWebSocket && isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(target.port), target.hostname);
      const pair = { near, far };
      far.on('error', () => near.destroy());
      far.on('close', () => near.destroy());
      near.on('close', () => {
        far.destroy();
        webSockets.delete(pair);
      });
      if (isWebSocket) {
        opened += 1;
        webSockets.add(pair);
      }
      far.write(head);
      near.pipe(far);
      far.pipe(near);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    get opened() {
      return opened;
    },
    cut() {
      isCut = true;
      for (const { near } of webSockets) near.destroy();
    },
    freeze() {
      for (const { near, far } of webSockets) {
        near.unpipe(far).resume();
        far.unpipe(near).resume();
      }
    },
    mend() {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}
