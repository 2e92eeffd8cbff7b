/** What one line of a log is: a message to send, a new name for somebody, or nothing of the two. */
export type LogLine =
  | {
      readonly kind: 'message';
      /** Counted from 0 over all lines of the log. */
      readonly number: number;
      readonly nick: string;
      readonly body: string;
    }
  | { readonly kind: 'rename'; readonly number: number; readonly from: string; readonly to: string }
  | { readonly kind: 'unreadable'; readonly number: number; readonly reason: string };

const message = /^\[\d{2}:\d{2}\] <([^\s>]+)>(?: (.*))?$/s;
const action = /^\[\d{2}:\d{2}\] {2}\* (\S+)(?: (.*))?$/s;
const rename = /^=== (\S+) is now known as (\S+)$/;
const longestBody = 4_000;

/**
 * Reads an IRC log, one event a line: `[HH:MM] <nick> text`, `[HH:MM]  * nick text` (an action, which becomes
 * `/me text`) and `=== OLD is now known as NEW`. Text is kept byte for byte. Every line of the log gives one line
 * here; what cannot be sent says why.
 */
export function readLog(bytes: Uint8Array): LogLine[] {
  return splitLines(bytes).map((line, number) => readLine(line, number));
}

/** Only the line feed ends a line: a message may hold any of the others that Unicode knows. */
function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    lines.push(bytes.subarray(start, bytes[stop - 1] === 0x0d && stop > start ? stop - 1 : stop));
    start = stop + 1;
  }
  return lines;
}

function readLine(bytes: Uint8Array, number: number): LogLine {
  const unreadable = (reason: string): LogLine => ({ kind: 'unreadable', number, reason });
  let text: string;
  try {
    // A byte-order mark is a character like any other here, wherever it stands.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return unreadable('is not UTF-8');
  }
  // At the very beginning it belongs to the file, not to the first line.
  if (number === 0) text = text.replace(/^\uFEFF/, '');

  const [, nick, said] = message.exec(text) ?? [];
  if (nick !== undefined) return readBody(number, nick, said ?? '');
  const [, actor, done] = action.exec(text) ?? [];
  if (actor !== undefined) return readBody(number, actor, done ? `/me ${done}` : '/me');
  const [, from, to] = rename.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { kind: 'rename', number, from, to };
  if (text.startsWith('===')) return unreadable('is a change of the channel that is no rename');
  return unreadable(text === '' ? 'is empty' : 'is no message, action or change of the channel');
}

function readBody(number: number, nick: string, body: string): LogLine {
  const unreadable = (reason: string): LogLine => ({ kind: 'unreadable', number, reason });
  // The rules of send_message, so that a line it would refuse is said before anything is sent.
  if (!/[\S\uFEFF]/.test(body)) return unreadable('is a message without a text');
  if ([...body].length > longestBody) return unreadable(`is longer than ${longestBody} characters`);
  if (body.includes('\0')) return unreadable('holds a NUL, which no PostgreSQL text can');
  return { kind: 'message', number, nick, body };
}
