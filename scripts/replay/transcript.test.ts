import { expect, test } from 'vitest';
import { firstDifference, type TranscriptEntry } from './transcript.ts';

const said: TranscriptEntry[] = [
  { seq: 1, authorId: 'a', body: 'one', replyToSeq: null },
  { seq: 2, authorId: 'b', body: 'two \uFEFF', replyToSeq: 1 },
  { seq: 3, authorId: 'a', body: 'three', replyToSeq: null },
];
const [one, two, three] = said as [TranscriptEntry, TranscriptEntry, TranscriptEntry];
const compare = (entries: TranscriptEntry[]) =>
  firstDifference(said, { name: 'follower', entries });

test('an equal transcript has no difference', () => {
  expect(compare([{ ...one }, { ...two }, { ...three }])).toBeNull();
});

test.each([
  ['a missing end', [one, two], 'message 3 of 3 is missing'],
  ['a gap', [one, three], 'message 2 of 3 has seq 3'],
  ['a double', [one, one, two, three], 'message 2 of 3 has seq 1'],
  ['another order', [two, one, three], 'message 1 of 3 has seq 2'],
  ['a lost byte-order mark', [one, { ...two, body: 'two ' }, three], 'reads "two "'],
  ['another author', [{ ...one, authorId: 'b' }, two, three], 'is by b instead of a'],
  ['a lost reply', [one, { ...two, replyToSeq: null }, three], 'answers null instead of 1'],
  ['one too many', [...said, { ...three, seq: 4 }], 'message 4 of 3 was never sent'],
])('%s is the first difference', (_, entries, sentence) => {
  expect(compare(entries)).toContain(sentence);
});
