import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import type { Certified } from './certificates.ts';

/** What a server does with a connection once it has heard the request. */
export type Answer = (socket: Socket, request: string) => void;

/** A server on loopback that speaks to the socket itself, so that it may say anything. */
export interface HostileServer {
  port: number;
  /** Connections that were made. */
  connections: number;
  /** The heads of the requests that came. */
  requests: string[];
  close(): void;
}

export async function startServer(
  answer: Answer,
  options: { address?: string; port?: number; certified?: Certified } = {},
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const hear = (socket: Socket) => {
    let heard = '';
    socket.setEncoding('latin1').on('data', (text) => {
      const before = heard;
      heard += text;
      if (before.includes('\r\n\r\n') || !heard.includes('\r\n\r\n')) return;
      told.requests.push(heard);
      answer(socket, heard);
    });
  };
  const keep = (socket: Socket) => {
    told.connections += 1;
    sockets.add(socket);
    // Whoever has read enough goes, and what is written then is no news.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server: Server =
    options.certified === undefined
      ? createServer(hear)
      : createSecureServer(
          { cert: options.certified.certificate, key: options.certified.key },
          (socket) => {
            socket.on('error', () => {});
            hear(socket);
          },
        ).on('tlsClientError', () => {});
  server.on('connection', keep);
  server.listen(options.port ?? 0, options.address ?? '127.0.0.1');
  await once(server, 'listening');
  const told: HostileServer = {
    port: (server.address() as AddressInfo).port,
    connections: 0,
    requests: [],
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return told;
}

/** An answer as servers give it. */
export function page(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = '200 OK',
): Buffer {
  const bytes = Buffer.from(body as string);
  const head = Object.entries({
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(bytes.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${[status, ...head].join('\r\n')}\r\n\r\n`), bytes]);
}

export function redirect(location: string, status = '302 Found'): Buffer {
  return page('', { location }, status);
}
