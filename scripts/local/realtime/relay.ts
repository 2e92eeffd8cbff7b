import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import type { Database } from '../../database/database.ts';
import { Authorization } from './authorization.ts';
import { codecV1 } from './codec-v1.ts';
import { codecV2 } from './codec-v2.ts';
import { Connection, looksPerSilence } from './connection.ts';
import type { RelayContext } from './context.ts';
import { Credentials } from './credentials.ts';
import { DatabaseFeed, type DatabaseFeedTimes } from './database-feed.ts';
import { handleBroadcastRequest } from './http-broadcast.ts';
import { defaultLimits, type RelayLimits } from './limits.ts';
import { Topics } from './topics.ts';

const websocketPath = '/realtime/v1/websocket';
const codecs = [codecV1, codecV2];
const closingGraceMs = 1000;

export interface RelayOptions {
  database: Database;
  jwtSecret: string;
  publishableKey: string;
  secretKey: string;
  /** Lets clients join channels without `private: true`, which nothing checks. Off unless said otherwise. */
  allowPublic?: boolean;
  limits?: Partial<RelayLimits>;
  feedTimes?: Partial<DatabaseFeedTimes>;
  /** Gets one line for each refusal, cut-off and failure. */
  log?: (line: string) => void;
}

interface RelayStats {
  connections: number;
  channels: number;
  topics: number;
  /** Rows of realtime.messages: sent to at least one subscriber, dropped, waiting to be read. */
  forwarded: number;
  dropped: number;
  pending: number;
}

export interface RealtimeRelay {
  /** Listens to the database; returns once it does. */
  start(): Promise<void>;
  /** For the HTTP server's `upgrade` event. Answers every request, if only to refuse it. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Broadcasts over HTTP; null when the request is not for the relay. */
  handleHttp(request: Request): Promise<Response | null>;
  /** Says goodbye to every client and stops listening. */
  close(): Promise<void>;
  stats(): RelayStats;
}

/**
 * The local stack's stand-in for the platform's Realtime service: broadcast, presence and private channels for
 * unmodified clients, in one process. It is for development: it has no cluster, no postgres_changes and no quotas.
 */
export function createRealtimeRelay(options: RelayOptions): RealtimeRelay {
  const { database, jwtSecret, publishableKey, secretKey } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const topics = new Topics();
  const context: RelayContext = {
    database,
    credentials: new Credentials({ jwtSecret, publishableKey, secretKey }),
    authorization: new Authorization(database),
    topics,
    limits,
    allowPublic: options.allowPublic ?? false,
    // Topics and reasons are a client's words: they must not write lines of their own on a developer's screen.
    log: (line) => options.log?.(`realtime: ${line.replace(/\p{Cc}/gu, '?').slice(0, 500)}`),
  };
  const feed = new DatabaseFeed(context, options.feedTimes);
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes });
  const connections = new Set<Connection>();
  const watch = setInterval(() => {
    for (const connection of connections) connection.cutIfSilent();
  }, limits.silenceMs / looksPerSilence);
  watch.unref();

  return {
    start: () => feed.start(),

    handleUpgrade(request, socket, head) {
      // A request line is whatever a stranger wrote: `//` alone is no URL.
      const target = request.url ?? '/';
      const url = URL.canParse(target, 'http://relay') ? new URL(target, 'http://relay') : null;
      if (url?.pathname !== websocketPath) return refuse(socket, 404, 'Not found');
      const key = url.searchParams.get('apikey') ?? headerOf(request, 'apikey');
      if (key === null) return refuse(socket, 401, 'No API key found in request');
      if (context.credentials.roleOfKey(key) === null) {
        return refuse(socket, 401, 'Invalid API key');
      }
      const version = url.searchParams.get('vsn') ?? codecV1.version;
      const codec = codecs.find((candidate) => candidate.version === version);
      if (codec === undefined) return refuse(socket, 400, `Unknown serialiser version ${version}`);
      const visitor = { key, headers: extensionHeaders(request) };
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new Connection(context, webSocket, codec, visitor);
        connections.add(connection);
        webSocket.on('close', () => connections.delete(connection));
      });
    },

    handleHttp: (request) => handleBroadcastRequest(context, request),

    async close() {
      clearInterval(watch);
      await feed.stop();
      const closed = [...server.clients].map(
        (client) => new Promise((resolve) => client.once('close', resolve)),
      );
      for (const connection of connections) connection.close();
      const grace = new AbortController();
      await Promise.race([
        Promise.all(closed),
        pause(closingGraceMs, undefined, { signal: grace.signal }).catch(() => {}),
      ]);
      grace.abort();
      for (const connection of connections) connection.terminate();
      server.close();
    },

    stats: () => ({
      connections: connections.size,
      channels: [...connections].reduce((sum, connection) => sum + connection.channelCount, 0),
      topics: topics.count,
      ...feed.counts,
    }),
  };
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** Policies see the X- headers a connection was opened with. */
function extensionHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      name.startsWith('x-') && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function refuse(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ message });
  const reason = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' }[status];
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
