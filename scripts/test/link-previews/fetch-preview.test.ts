import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from './certificates.ts';
import { type Errand, type Fetcher, startFetcher } from './fetcher.ts';
import { type Answer, type HostileServer, page, redirect, startServer } from './hostile-server.ts';

// The fetcher in Deno against servers that are really there, on loopback. The network is the real one but for two things:
// names lead where a test says, and the one port of its server may be asked. Each test has servers of its own, and some take seconds: they
// go on side by side.

let folder: string;
let authority: Authority;
let fetcher: Fetcher;
const servers: HostileServer[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guildhall-authority-'));
  authority = createAuthority('An authority for tests');
  writeFileSync(join(folder, 'authority.pem'), authority.certificate);
  fetcher = startFetcher(join(folder, 'authority.pem'));
});
afterAll(() => {
  for (const server of servers) server.close();
  fetcher.close();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(...options: Parameters<typeof startServer>): Promise<HostileServer> {
  const server = await startServer(...options);
  servers.push(server);
  return server;
}

/** Fetches from a server under the name page.test, which is allowed to be where it is. */
const fetchFrom = (server: HostileServer, path = '/', errand: Partial<Errand> = {}) =>
  fetcher.fetch({
    url: `http://page.test:${server.port}${path}`,
    hosts: { 'page.test': [['127.0.0.1']] },
    addresses: ['127.0.0.1'],
    ports: [server.port],
    ...errand,
  });

const answering =
  (bytes: string | Buffer): Answer =>
  (socket) =>
    socket.end(bytes);

const titled = (title: string) => `<html><head><title>${title}</title></head></html>`;

describe.concurrent('a page', () => {
  test('is asked for with nothing of anybody', async () => {
    const server = await serve(answering(page(titled('A page'))));
    const { preview } = await fetchFrom(server, '/a/b?c=d#e');
    expect(preview).toEqual({
      title: 'A page',
      description: null,
      site_name: null,
      image_url: null,
    });
    expect(server.requests).toEqual([
      [
        'GET /a/b?c=d HTTP/1.1',
        `Host: page.test:${server.port}`,
        'User-Agent: Guildhall/1.0 (link preview bot)',
        'Accept: text/html,application/xhtml+xml',
        'Accept-Encoding: gzip',
        'Connection: close',
        '',
        '',
      ].join('\r\n'),
    ]);
  });

  test('is asked for by an address that cannot end the line it stands in', async () => {
    const server = await serve(answering(page(titled('x'))));
    await fetchFrom(server, '/ü\r\n\r\nX-Header: 1?\u2028');
    expect(server.requests[0]?.split('\r\n')[0]).toBe(
      'GET /%C3%BCX-Header:%201?%E2%80%A8 HTTP/1.1',
    );
    expect(server.requests[0]).not.toMatch(/^X-Header/m);
  });

  test.each([
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n7;x=y\r\n<title>\r\n6\r\nA page\r\n0\r\n\r\n'],
    ['until the connection ends', '\r\n<title>A page'],
    ['shorter than it says', 'Content-Length: 500\r\n\r\n<title>A page'],
    ['with line feeds alone', 'X: y\n\n<title>A page</title>'],
  ])('is read %s', async (_, rest) => {
    const bytes = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n${rest}`;
    const server = await serve(answering(bytes));
    expect((await fetchFrom(server)).preview?.title).toBe('A page');
  });

  test('is read behind what announces it', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';
    const server = await serve(
      answering(Buffer.concat([Buffer.from(early), page(titled('A page'))])),
    );
    expect((await fetchFrom(server)).preview?.title).toBe('A page');
  });

  test('is read one byte at a time', async () => {
    const server = await serve(async (socket) => {
      socket.setNoDelay();
      for (const byte of page(titled('ä'))) {
        socket.write(Buffer.from([byte]));
        await delay(1);
      }
    });
    expect((await fetchFrom(server)).preview?.title).toBe('ä');
  });

  test('is decompressed', async () => {
    const compressed = gzipSync(titled('A compressed page'));
    const server = await serve(answering(page(compressed, { 'content-encoding': 'gzip' })));
    expect((await fetchFrom(server)).preview?.title).toBe('A compressed page');
  });

  test.each([
    ['by its header', { 'content-type': 'text/html; charset=windows-1251' }, '', 'windows-1251'],
    ['by itself', { 'content-type': 'text/html' }, '<meta charset="windows-1251">', 'windows-1251'],
    [
      'by an encoding that nobody knows, and by itself',
      { 'content-type': 'text/html; charset=klingon' },
      '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
      'windows-1251',
    ],
  ])('says its encoding %s', async (_, headers, meta) => {
    // "Привет" in windows-1251.
    const greeting = Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]);
    const body = Buffer.concat([Buffer.from(`${meta}<title>`), greeting, Buffer.from('</title>')]);
    const server = await serve(answering(page(body, headers)));
    expect((await fetchFrom(server)).preview?.title).toBe('Привет');
  });

  test('that is no UTF-8 is shown as far as it is', async () => {
    const body = Buffer.from([...Buffer.from('<title>a'), 0xff, 0xc3, ...Buffer.from('b</title>')]);
    const server = await serve(answering(page(body)));
    expect((await fetchFrom(server)).preview?.title).toBe('a\ufffd\ufffdb');
  });
});

describe.concurrent('TLS', () => {
  const fetchSecurely = (server: HostileServer, host = 'page.test') =>
    fetcher.fetch({
      url: `https://${host}:${server.port}/`,
      hosts: { [host]: [['127.0.0.1']] },
      addresses: ['127.0.0.1'],
      ports: [server.port],
    });

  test('is spoken with the name of the host', async () => {
    const certified = authority.issue('page.test');
    const server = await serve(answering(page(titled('A secure page'))), { certified });
    expect((await fetchSecurely(server)).preview?.title).toBe('A secure page');
  });

  test('with a certificate for another name is refused before anything is asked', async () => {
    const certified = authority.issue('other.test');
    const server = await serve(answering(page(titled('x'))), { certified });
    const { refused, message } = await fetchSecurely(server);
    expect({ refused, message }).toEqual({
      refused: 'network',
      message: expect.stringMatching(/certificate/i),
    });
    expect(server.connections).toBe(1);
    expect(server.requests).toEqual([]);
  });

  test('with a certificate of an authority that nobody trusts is refused', async () => {
    const certified = createAuthority('A stranger').issue('page.test');
    const server = await serve(answering(page(titled('x'))), { certified });
    expect(await fetchSecurely(server)).toMatchObject({
      refused: 'network',
      message: expect.stringMatching(/certificate|issuer/i),
    });
    expect(server.requests).toEqual([]);
  });

  test('is not asked of who does not speak it', async () => {
    const server = await serve(answering(page(titled('x'))));
    expect(await fetchSecurely(server)).toMatchObject({ refused: 'timeout' });
    expect(server.requests).toEqual([]);
  });
});

describe.concurrent('a name', () => {
  test('is resolved once for a connection, which goes to the address that was checked', async () => {
    const server = await serve(answering(page(titled('The first'))));
    const second = await serve(answering(page(titled('The second'))), {
      address: '127.0.0.2',
      port: server.port,
    });
    // Who owns the name answers differently from the second time on.
    const { preview, asked } = await fetchFrom(server, '/', {
      hosts: { 'page.test': [['127.0.0.1'], ['127.0.0.2']] },
    });
    expect({ title: preview?.title, asked }).toEqual({ title: 'The first', asked: ['page.test'] });
    expect(second.connections).toBe(0);
  });

  test('that leads elsewhere after a redirect is checked anew', async () => {
    const server = await serve(answering(redirect('/again')));
    const second = await serve(answering(page(titled('Internal'))), {
      address: '127.0.0.2',
      port: server.port,
    });
    const outcome = await fetchFrom(server, '/', {
      hosts: { 'page.test': [['127.0.0.1'], ['127.0.0.2']] },
    });
    expect(outcome).toMatchObject({ refused: 'address', asked: ['page.test', 'page.test'] });
    expect(server.connections).toBe(1);
    expect(second.connections).toBe(0);
  });

  test.each([
    ['first', ['127.0.0.2', '127.0.0.1']],
    ['last', ['127.0.0.1', '127.0.0.2']],
    ['as IPv6', ['127.0.0.1', '::1']],
    ['as IPv6 that carries it', ['127.0.0.1', '::ffff:127.0.0.1']],
  ])('with one address that is not allowed, %s, is not asked', async (_, addresses) => {
    const server = await serve(answering(page(titled('x'))));
    const outcome = await fetchFrom(server, '/', { hosts: { 'page.test': [addresses] } });
    expect(outcome.refused).toBe('address');
    expect(server.connections).toBe(0);
  });

  test('without an address is not asked', async () => {
    const server = await serve(answering(page(titled('x'))));
    const outcome = await fetchFrom(server, '/', { hosts: {} });
    expect(outcome).toMatchObject({ refused: 'address', asked: ['page.test'] });
  });

  test('is tried at its next address where nobody listens at the first', async () => {
    const server = await serve(answering(page(titled('The next'))));
    const { preview } = await fetchFrom(server, '/', {
      hosts: { 'page.test': [['127.0.0.2', '127.0.0.1']] },
      addresses: ['127.0.0.1', '127.0.0.2'],
    });
    expect(preview?.title).toBe('The next');
  });
});

describe.concurrent('the public internet', () => {
  // Addresses and ports are checked as in the Edge Function, but for the one port of the server.
  const fetchPublicly = (server: HostileServer, address: string) =>
    fetcher.fetch({
      url: `http://page.test:${server.port}/`,
      hosts: { 'page.test': [[address]] },
      ports: [server.port],
    });

  test.each([
    '127.0.0.1',
    '127.0.0.2',
    '0.0.0.0',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
  ])('does not reach this machine as %s', async (address) => {
    const server = await serve(answering(page(titled('x'))), { address: '::' });
    expect(await fetchPublicly(server, address)).toMatchObject({ refused: 'address' });
    expect(server.connections).toBe(0);
  });

  test.each([22, 25, 3000, 5432, 6379, 8080, 8443])('is not asked at port %i', async (port) => {
    const outcome = await fetcher.fetch({
      url: `http://page.test:${port}/`,
      hosts: { 'page.test': [['127.0.0.1']] },
      addresses: ['127.0.0.1'],
    });
    expect(outcome).toMatchObject({ refused: 'port', asked: [] });
  });
});

const wrongAddresses = (port: number) => [
  `http://127.0.0.1:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f000001:${port}/`,
  `http://0177.0.0.1:${port}/`,
  `http://127.1:${port}/`,
  `http://0:${port}/`,
  `http://１２７.０.０.１:${port}/`,
  `http://127.0.0.1.:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://[::ffff:7f00:1]:${port}/`,
  `http://localhost:${port}/`,
  `http://localhost.:${port}/`,
  'http://169.254.169.254/latest/meta-data/',
  'http://8.8.8.8/',
  `http://user@page.test:${port}/`,
  `http://user:password@page.test:${port}/`,
  `http://:password@page.test:${port}/`,
  `ftp://page.test:${port}/`,
  'file:///etc/passwd',
  'data:text/html,<title>x</title>',
  'javascript:alert(1)',
  'http://',
];

describe.concurrent('an address that is none of the web', () => {
  test('is not asked', async () => {
    const server = await serve(answering(page(titled('x'))), { address: '::' });
    for (const url of wrongAddresses(server.port)) {
      const outcome = await fetchFrom(server, '/', { url });
      expect({ url, ...outcome }).toMatchObject({ url, refused: 'url', asked: [] });
    }
    expect(server.connections).toBe(0);
  });

  test('is not asked after a redirect to it either', async () => {
    const wrong = wrongAddresses(0).map((url) => url.replace(':0/', ':PORT/'));
    const server = await serve((socket, request) => {
      const index = Number(/^GET \/(\d+)/.exec(request)?.[1]);
      socket.end(redirect(wrong[index]!.replace('PORT', String(server.port))));
    });
    for (const [index, location] of wrong.entries()) {
      const outcome = await fetchFrom(server, `/${index}`);
      expect({ location, ...outcome }).toMatchObject({ location, refused: 'url' });
    }
    expect(server.connections).toBe(wrong.length);
  });
});

describe.concurrent('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    'is followed with status %i, to an address relative to its own',
    async (status) => {
      const server = await serve((socket, request) =>
        socket.end(
          request.startsWith('GET /a/b ')
            ? redirect('../c?d', `${status} There`)
            : page(titled(request.split(' ')[1]!)),
        ),
      );
      expect((await fetchFrom(server, '/a/b')).preview?.title).toBe('/c?d');
    },
  );

  test('is followed three times and not four', async () => {
    const server = await serve((socket, request) => {
      const left = Number(/^GET \/(\d+)/.exec(request)?.[1]);
      socket.end(left === 0 ? page(titled('The end')) : redirect(`/${left - 1}`));
    });
    expect((await fetchFrom(server, '/3')).preview?.title).toBe('The end');
    expect(server.connections).toBe(4);
    expect((await fetchFrom(server, '/4')).refused).toBe('redirect');
    expect(server.connections).toBe(8);
  });

  test('to itself ends', async () => {
    const server = await serve(answering(redirect('/')));
    expect((await fetchFrom(server)).refused).toBe('redirect');
    expect(server.connections).toBe(4);
  });

  test('to another port is refused', async () => {
    const other = await serve(answering(page(titled('x'))));
    const server = await serve(answering(redirect(`http://page.test:${other.port}/`)));
    expect((await fetchFrom(server)).refused).toBe('port');
    expect(other.connections).toBe(0);
  });

  test('to a name that leads to this machine is refused', async () => {
    const inner = await serve(answering(page(titled('Internal'))), { address: '127.0.0.2' });
    const server = await serve(answering(redirect(`http://inner.test:${inner.port}/`)));
    const outcome = await fetchFrom(server, '/', {
      hosts: { 'page.test': [['127.0.0.1']], 'inner.test': [['127.0.0.2']] },
      ports: [server.port, inner.port],
    });
    expect(outcome).toMatchObject({ refused: 'address', asked: ['page.test', 'inner.test'] });
    expect(inner.connections).toBe(0);
  });

  test('from https to http is refused, the other way is not', async () => {
    const certified = authority.issue('page.test');
    const plain = await serve(answering(page(titled('Plain'))));
    const secure = await serve(answering(redirect(`http://page.test:${plain.port}/`)), {
      certified,
    });
    const ports = [plain.port, secure.port];
    const url = `https://page.test:${secure.port}/`;
    expect((await fetchFrom(secure, '/', { url, ports })).refused).toBe('redirect');
    expect(plain.connections).toBe(0);

    const better = await serve(answering(page(titled('Secure'))), { certified });
    const first = await serve(answering(redirect(`https://page.test:${better.port}/`)));
    const outcome = await fetchFrom(first, '/', { ports: [first.port, better.port] });
    expect(outcome.preview?.title).toBe('Secure');
  });

  test('that leads nowhere is refused', async () => {
    const server = await serve(answering(page('', {}, '302 Found')));
    expect((await fetchFrom(server)).refused).toBe('redirect');
  });
});

describe.concurrent('what is no page is not read', () => {
  test.each([
    ['an image', page('x', { 'content-type': 'image/png' }), 'content'],
    ['JSON', page('{}', { 'content-type': 'application/json' }), 'content'],
    ['a plain text', page(titled('x'), { 'content-type': 'text/plain' }), 'content'],
    ['a type that only begins like one', page('', { 'content-type': 'text/htmlx' }), 'content'],
    ['no type', 'HTTP/1.1 200 OK\r\n\r\n<title>x</title>', 'content'],
    ['another compression', page('x', { 'content-encoding': 'br' }), 'content'],
    ['two compressions', page('x', { 'content-encoding': 'gzip, gzip' }), 'content'],
    ['a page that is not there', page(titled('Not found'), {}, '404 Not Found'), 'status'],
    ['a fault', page(titled('Fault'), {}, '500 Internal Server Error'), 'status'],
    ['a part', page(titled('Part'), {}, '206 Partial Content'), 'status'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'protocol'],
    ['HTTP of another version', 'HTTP/2 200 OK\r\n\r\n', 'protocol'],
    ['nothing', '', 'protocol'],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n', 'protocol'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n', 'protocol'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', 'protocol'],
    ['a length that is none', page('x', { 'content-length': '-1' }), 'protocol'],
    [
      'another transfer',
      page('x', { 'transfer-encoding': 'gzip, chunked', 'content-length': '' }),
      'protocol',
    ],
    ['a chunk that is none', page('zz\r\n', { 'transfer-encoding': 'chunked' }), 'protocol'],
    [
      'a chunk without its end',
      page('1\r\nxyz\r\n0\r\n\r\n', { 'transfer-encoding': 'chunked' }),
      'protocol',
    ],
  ])('%s', async (_, bytes, refused) => {
    const server = await serve(answering(bytes));
    expect(await fetchFrom(server)).toMatchObject({ refused });
  });

  test('what says that it is compressed and is not', async () => {
    const server = await serve(answering(page(titled('x'), { 'content-encoding': 'gzip' })));
    expect((await fetchFrom(server)).refused).toBe('network');
  });
});

describe.concurrent('no more is taken than is needed', () => {
  /** Sends the same again and again for as long as somebody takes it, and counts. */
  function endless(start: string, more: string | Buffer) {
    const sent = { bytes: 0 };
    const answer: Answer = (socket) => {
      const block = Buffer.alloc(Math.ceil(16_384 / more.length) * more.length, more);
      const pour = () => {
        while (!socket.destroyed && socket.write(block)) sent.bytes += block.length;
        sent.bytes += block.length;
      };
      socket.write(start);
      socket.on('drain', pour);
      pour();
    };
    return { sent, answer };
  }
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
  /** What may be on the way when the connection is closed. */
  const buffers = 8 * 1024 * 1024;

  test('of a page without an end', async () => {
    const { sent, answer } = endless(`${head}\r\n<title>Endless</title>`, '<p>more and more</p>');
    const server = await serve(answer);
    const { preview } = await fetchFrom(server);
    expect(preview?.title).toBe('Endless');
    expect(sent.bytes).toBeLessThan(buffers);
  });

  test('of a page that says what it is after 512 KiB', async () => {
    const server = await serve(
      answering(page(`<!--${'x'.repeat(512 * 1024)}--><title>Too late</title>`)),
    );
    expect(await fetchFrom(server)).toMatchObject({ preview: null });
  });

  test('of a head that has ended, whatever comes after it and however slowly', async () => {
    const server = await serve((socket) =>
      socket.write(`${head}\r\n<meta charset="utf-8">${titled('At once')}`),
    );
    const { preview } = await fetchFrom(server);
    expect(preview?.title).toBe('At once');
  });

  test('also where it is compressed', async () => {
    const compressed = gzipSync(`${titled('At once')}${'x'.repeat(100_000)}`);
    const server = await serve((socket) =>
      socket.write(
        Buffer.concat([
          Buffer.from(`${head}Content-Encoding: gzip\r\nContent-Length: 1000000\r\n\r\n`),
          compressed.subarray(0, compressed.length - 20),
        ]),
      ),
    );
    const { preview } = await fetchFrom(server);
    expect(preview?.title).toBe('At once');
  });

  test('of what grows when it is decompressed', async () => {
    // 200 MiB in 200 KiB, without a head that ends.
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('<p>'), Buffer.alloc(200 * 1024 * 1024, 'x')]),
    );
    const server = await serve(answering(page(bomb, { 'content-encoding': 'gzip' })));
    const { preview } = await fetchFrom(server);
    expect(preview).toBeNull();
  });

  test.each([
    ['headers without an end', head, 'X-Header: and another\r\n'],
    ['one header without an end', `${head}X-Header: `, 'x'],
    ['a status line without an end', 'HTTP/1.1 200 ', 'x'],
    ['announcements without an end', '', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a chunk size without an end', `${head}Transfer-Encoding: chunked\r\n\r\n`, '0'],
  ])('of %s', async (_, start, more) => {
    const { sent, answer } = endless(start, more);
    const server = await serve(answer);
    expect(await fetchFrom(server)).toMatchObject({ refused: 'protocol' });
    expect(sent.bytes).toBeLessThan(buffers);
  });
});

describe.concurrent('five seconds are all there is', () => {
  const slowly = (start: string, drop: string): Answer => {
    return (socket) => {
      socket.write(start);
      const timer = setInterval(() => socket.write(drop), 100);
      socket.on('close', () => clearInterval(timer));
    };
  };
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';

  test('whatever takes its time', async () => {
    const slow: Record<string, Answer> = {
      'a server that says nothing': () => {},
      'headers drop by drop': slowly(head, 'X: y\r\n'),
      'a page drop by drop': slowly(`${head}\r\n<title>slow</title>`, '<p>'),
      'a chunk drop by drop': slowly(`${head}Transfer-Encoding: chunked\r\n\r\nfffff\r\n`, 'x'),
      // Each of them in time, and all together not.
      redirects: (socket) => setTimeout(() => socket.end(redirect('/')), 2_000),
    };
    const outcomes = await Promise.all(
      Object.entries(slow).map(async ([what, answer]) => {
        const server = await serve(answer);
        return { what, refused: (await fetchFrom(server)).refused };
      }),
    );
    expect(outcomes).toEqual(Object.keys(slow).map((what) => ({ what, refused: 'timeout' })));
  });

  test('for a name server that says nothing', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const nameServer = { ipAddr: '127.0.0.1', port: (silent.address() as AddressInfo).port };
    const { refused } = await fetcher.fetch({ url: 'http://page.test/', nameServer });
    silent.close();
    // The resolver gives up by itself, or is made to.
    expect(['timeout', 'address']).toContain(refused);
  });
});

describe.concurrent('the DNS', () => {
  /** A name server that knows one address of each kind for every name, and which names it was asked for. */
  async function startNameServer(known: { A: number[] | null; AAAA: number[] | null }) {
    const asked: string[] = [];
    const socket = createSocket('udp4');
    socket.on('message', (query, from) => {
      let at = 12;
      const labels: string[] = [];
      for (let length = query[at]!; length > 0; length = query[at]!) {
        labels.push(query.toString('ascii', at + 1, at + 1 + length));
        at += 1 + length;
      }
      const type = query.readUInt16BE(at + 1);
      asked.push(`${labels.join('.')} ${type === 1 ? 'A' : 'AAAA'}`);
      const address = type === 1 ? known.A : type === 28 ? known.AAAA : null;
      const answer =
        address === null
          ? []
          : [0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, address.length, ...address];
      const header = Buffer.from(query.subarray(0, 12));
      header.writeUInt16BE(0x8180, 2);
      header.writeUInt16BE(address === null ? 0 : 1, 6);
      header.writeUInt32BE(0, 8);
      socket.send(
        Buffer.concat([header, query.subarray(12, at + 5), Buffer.from(answer)]),
        from.port,
        from.address,
      );
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address() as AddressInfo;
    return { asked, nameServer: { ipAddr: '127.0.0.1', port }, close: () => socket.close() };
  }
  const loopback = [...Array(15).fill(0), 1];

  test('is asked for both kinds of address, by the whole name', async () => {
    const server = await serve(answering(page(titled('By name'))));
    const names = await startNameServer({ A: [127, 0, 0, 1], AAAA: null });
    const { preview } = await fetcher.fetch({
      url: `http://some.page.test:${server.port}/`,
      nameServer: names.nameServer,
      addresses: ['127.0.0.1'],
      ports: [server.port],
    });
    names.close();
    expect(preview?.title).toBe('By name');
    expect(names.asked.toSorted()).toEqual(['some.page.test A', 'some.page.test AAAA']);
  });

  test.each([
    ['IPv4', { A: [10, 0, 0, 1], AAAA: null }],
    ['IPv6', { A: null, AAAA: loopback }],
    ['IPv6 beside a public one', { A: [93, 184, 215, 14], AAAA: loopback }],
  ])('that leads into a private network by %s is not followed', async (_, known) => {
    const names = await startNameServer(known);
    const outcome = await fetcher.fetch({
      url: 'http://page.test/',
      nameServer: names.nameServer,
    });
    names.close();
    expect(outcome.refused).toBe('address');
    expect(names.asked).toHaveLength(2);
  });
});
