import { expect, test } from 'vitest';
import { readLog } from './irc-log.ts';
import { assignPeople } from './people.ts';

function speakers(log: string): string[] {
  const { speeches } = assignPeople(readLog(new TextEncoder().encode(log)));
  return speeches.map(({ person }) => `${person.index} ${person.nick}`);
}

test('whoever takes a new name stays the same person', () => {
  const log = `[00:00] <a> 1
=== a is now known as b
[00:01] <b> 2
=== b is now known as c
[00:02] <c> 3
`;
  expect(speakers(log)).toEqual(['0 a', '0 a', '0 a']);
});

test('whoever comes back under an old name is the same person', () => {
  expect(speakers('[00:00] <a> 1\n=== a is now known as b\n[00:01] <a> 2\n')).toEqual([
    '0 a',
    '0 a',
  ]);
});

test('whoever takes a name that was given up is not the one who gave it up', () => {
  const log = `[00:00] <a> 1
[00:00] <c> 2
=== a is now known as b
=== c is now known as a
[00:01] <a> 3
[00:02] <b> 4
`;
  expect(speakers(log)).toEqual(['0 a', '1 c', '1 c', '0 a']);
});

test('names that differ only in case are two people', () => {
  expect(speakers('[00:00] <RoAk> 1\n[00:00] <roak> 2\n')).toEqual(['0 RoAk', '1 roak']);
});
