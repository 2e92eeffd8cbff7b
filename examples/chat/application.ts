import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buildPage } from './build-page.ts';
import type { DemoPerson } from './people.ts';

export interface Application {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * A small application of somebody's own: it serves the page, and `/sign-in/<n>` puts the session of its n-th person into cookies, as its
 * sign-in would, and shows them the page with the other one.
 */
export async function startApplication(
  people: readonly [DemoPerson, DemoPerson],
  gatewayUrl: string,
  port: number,
): Promise<Application> {
  const script = await buildPage();
  const file = (name: string) => readFile(join(import.meta.dirname, name));
  const pages: Readonly<Record<string, readonly [type: string, content: string | Buffer]>> = {
    '/': ['text/html', await file('index.html')],
    '/page.css': ['text/css', await file('page.css')],
    '/page.js': ['text/javascript', script],
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, number] = /^\/sign-in\/([12])$/.exec(pathname) ?? [];
    if (number !== undefined) {
      const [me, other] = number === '1' ? people : [people[1], people[0]];
      const query = new URLSearchParams({ gateway: gatewayUrl, with: other.mongoId });
      response.writeHead(303, {
        location: `/?${query}`,
        'set-cookie': [
          `guildhall-access-token=${me.accessToken}; Path=/; HttpOnly; SameSite=Lax`,
          `guildhall-refresh-token=${me.refreshToken}; Path=/; HttpOnly; SameSite=Lax`,
        ],
      });
      response.end();
      return;
    }
    const [type, content] = pages[pathname] ?? [];
    response.writeHead(content === undefined ? 404 : 200, {
      'content-type': `${type ?? 'text/plain'}; charset=utf-8`,
    });
    response.end(content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
