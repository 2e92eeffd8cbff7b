import { Parser } from 'htmlparser2';
import { readWebAddress } from './web-address.ts';

/** What a page says of itself. The database checks it again (require_link_preview). */
export interface PagePreview {
  /** Up to 256 characters. */
  title: string | null;
  /** Up to 512 characters. */
  description: string | null;
  /** Up to 100 characters. */
  site_name: string | null;
  /** Up to 2,048 characters, http or https. */
  image_url: string | null;
}

/** Names of `meta` that say the same, the best first. */
const names = {
  title: ['og:title', 'twitter:title'],
  description: ['og:description', 'twitter:description', 'description'],
  site_name: ['og:site_name'],
  image: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'],
} as const;
const known: ReadonlySet<string> = new Set(Object.values(names).flat());

/** Of one text, before white space is taken out of it. */
const MAX_RAW_CHARACTERS = 8 * 1024;
/** A head is flat. What is nested deeper is made to be slow to read. */
const MAX_DEPTH = 64;

/**
 * Reads what a page says of itself from its head, and stops where that ends. Null: it says nothing.
 *
 * @param text the page, piece by piece; no more of it is taken than needed
 * @param url where it is, for addresses that are relative to it
 */
export async function readPagePreview(
  text: AsyncIterable<string>,
  url: URL,
): Promise<PagePreview | null> {
  const found = new Map<string, string>();
  let title: string | null = null;
  let isInTitle = false;
  let depth = 0;
  let isDone = false;

  const parser = new Parser({
    // What comes in the same piece as the end is still told.
    onopentag(name, attributes) {
      if (isDone) return;
      depth += 1;
      if (name === 'body' || depth > MAX_DEPTH) isDone = true;
      else if (name === 'title' && title === null) {
        isInTitle = true;
        title = '';
      } else if (name === 'meta') {
        const key = (attributes.property ?? attributes.name ?? '').trim().toLowerCase();
        const content = attributes.content?.slice(0, MAX_RAW_CHARACTERS).trim();
        if (known.has(key) && content && !found.has(key)) found.set(key, content);
      }
    },
    ontext(piece) {
      if (isDone || !isInTitle || title === null || title.length >= MAX_RAW_CHARACTERS) return;
      title += piece;
    },
    onclosetag(name) {
      depth -= 1;
      if (name === 'title') isInTitle = false;
      if (name === 'head') isDone = true;
    },
  });
  // Not `for await`: to leave that waits for a decompressor that waits for more of a page that nobody wants.
  const pieces = text[Symbol.asyncIterator]();
  while (!isDone) {
    const { done, value } = await pieces.next();
    if (done) break;
    // In small steps, so that not much is read past the end.
    for (let at = 0; at < value.length && !isDone; at += 4096) {
      parser.write(value.slice(at, at + 4096));
    }
  }
  if (!isDone) parser.end();

  const best = (list: readonly string[]) => {
    const name = list.find((candidate) => found.has(candidate));
    return name === undefined ? null : (found.get(name) ?? null);
  };
  const preview: PagePreview = {
    title: oneLine(best(names.title), 256) ?? oneLine(title, 256),
    description: oneLine(best(names.description), 512),
    site_name: oneLine(best(names.site_name), 100),
    image_url: imageAddress(best(names.image), url),
  };
  const { title: shown, description, image_url: image } = preview;
  return shown === null && description === null && image === null ? null : preview;
}

/** A text without line breaks and what JSON or PostgreSQL cannot carry, cut to so many characters. */
function oneLine(text: string | null, max: number): string | null {
  if (text === null) return null;
  const characters = Array.from(
    text
      .slice(0, MAX_RAW_CHARACTERS)
      // Half of a character.
      .replace(/\p{Cs}/gu, '\ufffd')
      .replaceAll('\0', '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  if (characters.length === 0) return null;
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : characters.join('');
}

function imageAddress(text: string | null, base: URL): string | null {
  if (text === null) return null;
  try {
    const { href } = readWebAddress(text, base);
    return href.length <= 2048 && /^[!-~]+$/.test(href) && !/["<>\\`]/.test(href) ? href : null;
  } catch {
    return null;
  }
}
