import { HttpResponseReader, type ResponseHead } from './http-response.ts';
import type { Network } from './network.ts';
import { type PagePreview, readPagePreview } from './page-preview.ts';
import { PageRefusal } from './page-refusal.ts';
import { decodePage } from './page-text.ts';
import { connectTo } from './pinned-connection.ts';
import { readWebAddress } from './web-address.ts';

/** For everything: names, connections, redirects and the page. */
const TOTAL_MS = 5_000;
const MAX_REDIRECTS = 3;
/** Of a page, after it was decompressed. */
const MAX_PAGE_BYTES = 512 * 1024;
const USER_AGENT = 'Guildhall/1.0 (link preview bot)';

/**
 * Fetches a page from the network and reads what it says of itself; null: it says nothing. No cookie, no referrer and no
 * key of anybody goes with it.
 *
 * @throws {PageRefusal} why it was not fetched
 * @throws what the network says: no connection, no trusted certificate
 */
export async function fetchPreview(link: string, network: Network): Promise<PagePreview | null> {
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new PageRefusal('timeout', 'It takes too long.'));
  }, TOTAL_MS);
  try {
    let url = readWebAddress(link);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const answer = await ask(url, network, deadline.signal);
      if (!('location' in answer)) return answer.preview;
      const next = readWebAddress(answer.location, url);
      if (url.protocol === 'https:' && next.protocol === 'http:') {
        throw new PageRefusal('redirect', 'It leads from https to http.');
      }
      url = next;
    }
    throw new PageRefusal('redirect', 'It leads on and on.');
  } catch (error) {
    // A connection that is closed at the deadline ends in an error of its own.
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

type Answer = { location: string } | { preview: PagePreview | null };

/** One request on a connection of its own. */
async function ask(url: URL, network: Network, signal: AbortSignal): Promise<Answer> {
  const connection = await connectTo(url, network, signal);
  let isClosed = false;
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    connection.close();
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    await send(connection, requestFor(url));
    const reader = new HttpResponseReader(piecesOf(connection));
    const head = await reader.readHead();
    if ([301, 302, 303, 307, 308].includes(head.status)) {
      const location = head.headers.get('location');
      if (location === undefined) throw new PageRefusal('redirect', 'It leads nowhere.');
      return { location };
    }
    const contentType = requirePage(head);
    const page = upTo(MAX_PAGE_BYTES, decompressed(reader.readBody(head), head));
    return { preview: await readPagePreview(decodePage(page, contentType), url) };
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

function requestFor({ pathname, search, host }: URL): string {
  return [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${USER_AGENT}`,
    'Accept: text/html,application/xhtml+xml',
    'Accept-Encoding: gzip',
    'Connection: close',
    '',
    '',
  ].join('\r\n');
}

/** The content type of an answer that is a page. */
function requirePage({ status, headers }: ResponseHead): string {
  if (status !== 200) throw new PageRefusal('status', `It answers ${status}.`);
  const contentType = headers.get('content-type') ?? '';
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  if (type !== 'text/html' && type !== 'application/xhtml+xml') {
    throw new PageRefusal('content', 'It is no page.');
  }
  return contentType;
}

/**
 * What of the body is compressed, decompressed. It goes in in small pieces: each may become a thousand times as much, and
 * only what has come out is counted.
 */
function decompressed(
  body: AsyncGenerator<Uint8Array>,
  { headers }: ResponseHead,
): AsyncIterable<Uint8Array> {
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new PageRefusal('content', 'This compression was not asked for.');
  }
  const pieces = ReadableStream.from(inPieces(body, 1024)) as ReadableStream<BufferSource>;
  return pieces.pipeThrough(new DecompressionStream('gzip'));
}

async function* inPieces(bytes: AsyncIterable<Uint8Array>, size: number) {
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; at += size) yield piece.subarray(at, at + size);
  }
}

async function* upTo(bytes: number, source: AsyncIterable<Uint8Array>) {
  let left = bytes;
  for await (const piece of source) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

async function* piecesOf(connection: Deno.Conn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) return;
    yield buffer.slice(0, read);
  }
}

async function send(connection: Deno.Conn, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
}
