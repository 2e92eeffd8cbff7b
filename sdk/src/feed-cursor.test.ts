import { expect, test } from 'vitest';
import { FeedCursor } from './feed-cursor.ts';

const change = (revision: number) => ({
  revision,
  kind: 'created',
  seq: revision,
  seqs: [revision],
  message: undefined,
  reaction: null,
});

function cursorAt(revision: number) {
  const applied: number[] = [];
  const cursor = new FeedCursor((next) => applied.push(next.revision));
  cursor.startAt(revision);
  return { cursor, applied };
}

test('applies in order what is told in any order, and once', () => {
  const { cursor, applied } = cursorAt(3);
  for (const revision of [6, 4, 4, 7, 3, 5, 6]) cursor.hear(change(revision));
  expect(applied).toEqual([4, 5, 6, 7]);
  expect(cursor.revision).toBe(7);
  expect(cursor.isBehind).toBe(false);
});

test('is behind while a change is missing, and knows which it has', () => {
  const { cursor, applied } = cursorAt(3);
  cursor.hear(change(6));
  expect(applied).toEqual([]);
  expect(cursor.isBehind).toBe(true);
  expect(cursor.hasEarly(6)).toBe(true);
  expect(cursor.hasEarly(5)).toBe(false);
});

test('keeps nothing that has had its turn', () => {
  const { cursor } = cursorAt(3);
  cursor.hear(change(2));
  expect(cursor.hasEarly(2)).toBe(false);
  cursor.hear(change(6));
  cursor.startAt(8);
  expect(cursor.hasEarly(6)).toBe(false);
});

test('follows the feed, and refuses one with a hole', () => {
  const { cursor, applied } = cursorAt(3);
  cursor.hear(change(6));
  expect(cursor.follow(change(4))).toBe(true);
  expect(cursor.follow(change(4))).toBe(true);
  expect(cursor.follow(change(7))).toBe(false);
  expect(cursor.follow(change(5))).toBe(true);
  expect(applied).toEqual([4, 5, 6]);
});

test('while held it only keeps, and starts with what it kept', () => {
  const { cursor, applied } = cursorAt(3);
  cursor.hold();
  for (const revision of [4, 9, 10]) cursor.hear(change(revision));
  expect(applied).toEqual([]);
  cursor.startAt(8);
  expect(applied).toEqual([9, 10]);
});

test('holding forgets what was told before, so that another past cannot come back', () => {
  const { cursor, applied } = cursorAt(9);
  cursor.hear(change(12));
  cursor.hold();
  cursor.startAt(6);
  expect(cursor.isBehind).toBe(false);
  for (let revision = 7; revision <= 11; revision += 1) cursor.hear(change(revision));
  expect(applied).toEqual([7, 8, 9, 10, 11]);
});

test('released without a new start it goes on where it was', () => {
  const { cursor, applied } = cursorAt(3);
  cursor.hold();
  cursor.hear(change(4));
  cursor.release();
  expect(applied).toEqual([4]);
});

test('drops what is too far ahead, and stays behind until it is fetched', () => {
  const { cursor, applied } = cursorAt(0);
  for (let revision = 2; revision <= 1_500; revision += 1) cursor.hear(change(revision));
  expect(cursor.follow(change(1))).toBe(true);
  expect(applied).toHaveLength(1_001);
  expect(cursor.isBehind).toBe(true);
});

test('doubting, it believes in nothing that it has not applied', () => {
  const { cursor } = cursorAt(3);
  cursor.hear(change(9));
  cursor.doubt();
  expect(cursor.isBehind).toBe(false);
  expect(cursor.hasEarly(9)).toBe(false);
});
