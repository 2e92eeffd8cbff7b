import { PageRefusal } from './page-refusal.ts';

/** What a server answered, before its body. */
export interface ResponseHead {
  readonly status: number;
  /** By names in lower case; of one that comes several times the first. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Status line and headers together, with those of answers that only announce another. */
const MAX_HEAD_BYTES = 16 * 1024;
/** A line with a chunk's size, or after the last chunk. */
const MAX_LINE_BYTES = 1024;

const decoder = new TextDecoder();

/**
 * Reads one HTTP/1.1 response from a connection, and no more of it than is asked for.
 *
 * By hand and not with fetch or node:http: neither can be told which address to connect to in every runtime this has to
 * work in, and to be told and not to listen would be worse than either.
 */
export class HttpResponseReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #buffered: Uint8Array = new Uint8Array(0);
  #headBytes = 0;

  /** @param source what the connection gives, piece by piece */
  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  /** @throws {PageRefusal} `protocol` */
  async readHead(): Promise<ResponseHead> {
    for (;;) {
      const statusLine = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(await this.#headLine());
      if (statusLine === null) throw new PageRefusal('protocol', 'This is no HTTP.');
      const headers = new Map<string, string>();
      for (let line = await this.#headLine(); line !== ''; line = await this.#headLine()) {
        const colon = line.indexOf(':');
        const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
        if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
          throw new PageRefusal('protocol', 'This is no HTTP header.');
        }
        if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
      }
      const status = Number(statusLine[1]);
      // 1xx announces the answer that follows.
      if (status >= 200) return { status, headers };
    }
  }

  /**
   * The body as it was sent: chunks put together, not decompressed. What comes after its end is not read.
   *
   * @throws {PageRefusal} `protocol`
   */
  async *readBody({ headers }: ResponseHead): AsyncGenerator<Uint8Array> {
    const coding = headers.get('transfer-encoding');
    const length = headers.get('content-length');
    if (coding !== undefined) {
      if (coding.toLowerCase() !== 'chunked') {
        throw new PageRefusal('protocol', 'This transfer encoding was not asked for.');
      }
      yield* this.#chunks();
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw new PageRefusal('protocol', 'This is no length.');
      yield* this.#exactly(Number(length));
    } else {
      yield* this.#exactly(Number.POSITIVE_INFINITY);
    }
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const size = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i.exec(await this.#line(MAX_LINE_BYTES));
      if (size === null) throw new PageRefusal('protocol', 'This is no chunk.');
      const bytes = Number.parseInt(size[1] ?? '', 16);
      if (bytes === 0) return;
      yield* this.#exactly(bytes);
      if ((await this.#line(MAX_LINE_BYTES)) !== '') {
        throw new PageRefusal('protocol', 'This chunk has no end.');
      }
    }
  }

  /** As many bytes, or fewer when the connection ends: half a page has its head, too. */
  async *#exactly(bytes: number): AsyncGenerator<Uint8Array> {
    let left = bytes;
    while (left > 0) {
      if (this.#buffered.length === 0 && !(await this.#fill())) return;
      const piece = this.#buffered.subarray(0, left);
      this.#buffered = this.#buffered.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #headLine(): Promise<string> {
    const line = await this.#line(MAX_HEAD_BYTES - this.#headBytes);
    this.#headBytes += line.length + 1;
    return line;
  }

  /** One line without its end. */
  async #line(maxBytes: number): Promise<string> {
    let searched = 0;
    for (;;) {
      const end = this.#buffered.indexOf(10, searched);
      if (end > maxBytes || (end === -1 && this.#buffered.length > maxBytes)) {
        throw new PageRefusal('protocol', 'A line, or all of them, is too long.');
      }
      if (end !== -1) {
        const line = decoder.decode(this.#buffered.subarray(0, end));
        this.#buffered = this.#buffered.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      searched = this.#buffered.length;
      if (!(await this.#fill())) throw new PageRefusal('protocol', 'The answer has no end.');
    }
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    const both = new Uint8Array(this.#buffered.length + value.length);
    both.set(this.#buffered);
    both.set(value, this.#buffered.length);
    this.#buffered = both;
    return true;
  }
}
