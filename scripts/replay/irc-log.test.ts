import { describe, expect, test } from 'vitest';
import { readLog } from './irc-log.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('reading an IRC log', () => {
  test('a message keeps its text byte for byte', () => {
    const text = '  two  spaces, \uFEFFa mark, \u2028 a separator, مرحبا, <b> and ] ';
    expect(readLog(bytes(`[04:46] <Chris|> ${text}\n`))).toEqual([
      { kind: 'message', number: 0, nick: 'Chris|', body: text },
    ]);
  });

  test('an action becomes /me and its text', () => {
    expect(readLog(bytes('[04:48]  * unperson sits and listens\n'))).toEqual([
      { kind: 'message', number: 0, nick: 'unperson', body: '/me sits and listens' },
    ]);
  });

  test('a message that looks like an action is a message', () => {
    const [line] = readLog(bytes('[04:48] <a>  * b waves\n'));
    expect(line).toEqual({ kind: 'message', number: 0, nick: 'a', body: ' * b waves' });
  });

  test('a rename names both nicks', () => {
    expect(readLog(bytes('=== Sindacious_ is now known as Sindacious\n'))).toEqual([
      { kind: 'rename', number: 0, from: 'Sindacious_', to: 'Sindacious' },
    ]);
  });

  test('lines are counted from 0 and the last needs no line feed', () => {
    const lines = readLog(bytes('[04:48] <a> one\r\n=== a is now known as b\n[04:49] <b> two'));
    expect(lines.map(({ kind, number }) => [kind, number])).toEqual([
      ['message', 0],
      ['rename', 1],
      ['message', 2],
    ]);
    expect(lines[0]).toMatchObject({ body: 'one' });
  });

  test.each([
    ['hello', 'is no message, action or change of the channel'],
    ['', 'is empty'],
    ['=== c has joined #ubuntu', 'is a change of the channel that is no rename'],
    ['[04:48] <a> ', 'is a message without a text'],
    ['[04:48] <a>', 'is a message without a text'],
    ['[04:48] <a> \t ', 'is a message without a text'],
    [`[04:48] <a> ${'x'.repeat(4001)}`, 'is longer than 4000 characters'],
    ['[04:48] <a> nul \0 here', 'holds a NUL, which no PostgreSQL text can'],
  ])('what cannot be sent says why: %j', (line, reason) => {
    expect(readLog(bytes(`[04:47] <z> first\n${line}\n`))[1]).toEqual({
      kind: 'unreadable',
      number: 1,
      reason,
    });
  });

  test('a line that is not UTF-8 is said, and the others are read', () => {
    const log = new Uint8Array([...bytes('[04:48] <a> '), 0xff, ...bytes('\n[04:48] <a> fine\n')]);
    expect(readLog(log)).toEqual([
      { kind: 'unreadable', number: 0, reason: 'is not UTF-8' },
      { kind: 'message', number: 1, nick: 'a', body: 'fine' },
    ]);
  });

  test('4,000 characters beyond the basic plane are not too long', () => {
    const [line] = readLog(bytes(`[04:48] <a> ${'😀'.repeat(4000)}\n`));
    expect(line?.kind).toBe('message');
  });
});
