import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

/** What the server does with one request. */
export type Answer =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** Ends the connection without an answer. */
  | 'hang_up'
  /** Never answers. */
  | 'stay_silent';

interface SeenRequest {
  path: string;
  body: unknown;
  headers: IncomingHttpHeaders;
}

export interface ScriptedApi {
  /** An unmodified supabase-js client of this server. */
  client: SupabaseClient;
  requests: SeenRequest[];
  /** The answers to come, in order; after them every answer is 200 with null. */
  answers: Answer[];
  close(): Promise<void>;
}

/**
 * A server over real HTTP that answers what a test says, to bring about what the real stack does not do at will:
 * gateways that fail, connections that end, addresses where nothing is.
 */
export async function startScriptedApi(): Promise<ScriptedApi> {
  const requests: SeenRequest[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const body: unknown = text === '' ? null : JSON.parse(text);
      requests.push({ path: request.url ?? '', body, headers: request.headers });
      const answer = answers.shift() ?? { status: 200, body: null };
      if (answer === 'hang_up') request.socket.destroy();
      if (typeof answer === 'string') return;
      const isText = typeof answer.body === 'string';
      response.writeHead(answer.status, {
        'content-type': isText ? 'text/html' : 'application/json',
        ...answer.headers,
      });
      if (answer.body === undefined) response.end();
      else response.end(isText ? (answer.body as string) : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    client: createClient(`http://127.0.0.1:${port}`, 'sb_publishable_test', {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never },
    }),
    requests,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
