/** What the text says itself, by its first bytes, what the server says, what stands in a tag: the first that is known. */
function declaredEncoding(contentType: string, start: Uint8Array): string | null {
  const [first, second, third] = start;
  const marked =
    first === 0xef && second === 0xbb && third === 0xbf
      ? 'utf-8'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : first === 0xff && second === 0xfe
          ? 'utf-16le'
          : undefined;
  const ascii = new TextDecoder('latin1').decode(start);
  const declared = [
    marked,
    /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1],
    /<meta[^>]{0,200}?charset\s*=\s*["']?([^\s"'>/;]+)["'>/;\s]/i.exec(ascii)?.[1],
  ];
  for (const label of declared) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).encoding;
    } catch {
      // Nobody knows it: the next.
    }
  }
  return null;
}

/** Where a page says what it is encoded in. */
const SNIFFED_BYTES = 1024;

/**
 * A page's bytes as text. What is no text in its encoding becomes U+FFFD.
 *
 * @param contentType the header's value
 */
export async function* decodePage(
  bytes: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<string> {
  let start = new Uint8Array(0);
  let decoder: TextDecoder | null = null;
  for await (const piece of bytes) {
    if (decoder !== null) {
      yield decoder.decode(piece, { stream: true });
      continue;
    }
    const longer: Uint8Array<ArrayBuffer> = new Uint8Array(start.length + piece.length);
    longer.set(start);
    longer.set(piece, start.length);
    start = longer;
    // The mark at the very beginning has three bytes.
    const encoding =
      start.length < 3 ? null : declaredEncoding(contentType, start.subarray(0, SNIFFED_BYTES));
    if (encoding === null && start.length < SNIFFED_BYTES) continue;
    decoder = new TextDecoder(encoding ?? 'utf-8');
    yield decoder.decode(start, { stream: true });
  }
  if (decoder === null) {
    yield new TextDecoder(declaredEncoding(contentType, start) ?? 'utf-8').decode(start);
  } else {
    yield decoder.decode();
  }
}
