import { expect, test } from 'vitest';
import { readLog } from './irc-log.ts';
import { readReplyLinks } from './reply-links.ts';

const log = readLog(
  new TextEncoder().encode(`[00:00] <a> 0
=== a is now known as b
[00:01] <b> 2
[00:02] <c> 3
`),
);

test('a link says which line answers which', () => {
  const { links, leftOut } = readReplyLinks('0 2 - \n2 3 -\n', log);
  expect([...links]).toEqual([
    [2, 0],
    [3, 2],
  ]);
  expect(leftOut.size).toBe(0);
});

test('a line linked to itself answers nothing', () => {
  expect(readReplyLinks('2 2 -\n', log).links.size).toBe(0);
});

test('a message that answers several answers the nearest, in whatever order they stand', () => {
  for (const text of ['0 3 -\n2 3 -\n', '2 3 -\n0 3 -\n']) {
    const { links, leftOut } = readReplyLinks(text, log);
    expect([...links]).toEqual([[3, 2]]);
    expect([...leftOut]).toEqual([['the same message answers a nearer one too', 1]]);
  }
});

test.each([
  ['1 2 -', 'what it answers is no message of the log'],
  ['0 1 -', 'the answer is no message of the log'],
  ['3 2 -', 'what it answers comes later'],
  ['0 99 -', 'the answer is no message of the log'],
  ['zero two', 'cannot be read'],
])('a link that leads nowhere is counted: %s', (text, reason) => {
  const { links, leftOut } = readReplyLinks(text, log);
  expect(links.size).toBe(0);
  expect([...leftOut]).toEqual([[reason, 1]]);
});
