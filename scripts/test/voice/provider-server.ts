import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was asked of the provider. */
export interface ProviderRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly contentType: string;
  readonly body: unknown;
}

/** A provider's API on loopback, in the place of Cloudflare's or Xirsys's. */
export interface ProviderServer {
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: readonly ProviderRequest[];
  /** How it answers from now on; null: as the documentation says. */
  answerWith(behaviour: Behaviour | null): void;
  close(): Promise<void>;
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

/** An answer of this status with this body, whatever it is. */
export function plain(status: number, body: unknown): Behaviour {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(bytes);
}

/** What Cloudflare answers with: https://developers.cloudflare.com/realtime/turn/generate-credentials/ */
export function cloudflareAnswer() {
  return {
    iceServers: [
      { urls: ['stun:stun.cloudflare.com:3478', 'stun:stun.cloudflare.com:53'] },
      {
        urls: [
          'turn:turn.cloudflare.com:3478?transport=udp',
          'turn:turn.cloudflare.com:53?transport=udp',
          'turn:turn.cloudflare.com:80?transport=tcp',
          'turns:turn.cloudflare.com:443?transport=tcp',
        ],
        username: randomBytes(48).toString('hex'),
        credential: randomBytes(32).toString('hex'),
      },
    ],
  };
}

/** What Xirsys answers with for `{"format": "urls"}`: https://docs.xirsys.com/ */
export function xirsysAnswer() {
  return {
    v: {
      iceServers: {
        username: randomBytes(40).toString('base64url'),
        urls: [
          'stun:fr-turn1.xirsys.com',
          'turn:fr-turn1.xirsys.com:80?transport=udp',
          'turn:fr-turn1.xirsys.com:3478?transport=tcp',
          'turns:fr-turn1.xirsys.com:443?transport=tcp',
        ],
        credential: randomBytes(18).toString('hex'),
      },
    },
    s: 'ok',
  };
}

/** Listens on 127.0.0.1. Answers each request with what `documented` gives, with 201 as Cloudflare or with 200. */
export async function startProviderServer(
  documented: () => object,
  status = 200,
): Promise<ProviderServer> {
  const requests: ProviderRequest[] = [];
  let behaviour: Behaviour | null = null;
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const body = await text(request);
    requests.push({
      method,
      path,
      authorization: headers.authorization ?? '',
      contentType: headers['content-type'] ?? '',
      body: body === '' ? null : JSON.parse(body),
    });
    (behaviour ?? plain(status, documented()))(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answerWith(next) {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
