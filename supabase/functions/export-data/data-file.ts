/** A page of one section: `next` null where there is no more. */
export interface Page {
  rows: unknown[];
  next: unknown;
}

export type ReadPage = (section: string, after: unknown) => Promise<Page>;

/**
 * The file as a stream of bytes, one page at a time, so that it never lies in memory whole: gzip of
 * `{"exported_at": …, "user_id": …, "<section>": [rows …], …}`. It asks for the next page when whoever reads it takes more.
 */
export function dataFile(
  head: Record<string, unknown>,
  sections: readonly string[],
  readPage: ReadPage,
): ReadableStream<Uint8Array> {
  const parts = json(head, sections, readPage);
  const text = new ReadableStream<string>({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await parts.return(undefined);
    },
  });
  return text.pipeThrough(new TextEncoderStream()).pipeThrough(new CompressionStream('gzip'));
}

async function* json(
  head: Record<string, unknown>,
  sections: readonly string[],
  readPage: ReadPage,
): AsyncGenerator<string, void, void> {
  yield JSON.stringify(head).slice(0, -1);
  for (const section of sections) {
    yield `,\n${JSON.stringify(section)}:[`;
    let after: unknown = null;
    let separator = '\n';
    do {
      const page = await readPage(section, after);
      if (page.rows.length > 0) {
        yield separator + page.rows.map((row) => JSON.stringify(row)).join(',\n');
        separator = ',\n';
      }
      after = page.next;
    } while (after !== null);
    yield ']';
  }
  yield '\n}\n';
}

/** Passes a stream on and counts its bytes. */
export function countBytes(): { stream: TransformStream<Uint8Array, Uint8Array>; size(): number } {
  let size = 0;
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      controller.enqueue(chunk);
    },
  });
  return { stream, size: () => size };
}
