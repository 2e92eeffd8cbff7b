import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GuildhallError } from '../errors.ts';
import { SignalLine } from './signal-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A line over a server that takes 20 ms for each signal. */
function slowLine(fails: (attempt: number) => GuildhallError | null = () => null) {
  const taken: unknown[] = [];
  const refusals: string[] = [];
  let underWay = 0;
  let most = 0;
  let attempts = 0;
  const line = new SignalLine({
    async send(kind, payload) {
      underWay += 1;
      most = Math.max(most, underWay);
      attempts += 1;
      const failure = fails(attempts);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay -= 1;
      if (failure !== null) throw failure;
      taken.push([kind, payload]);
    },
    onRefused: (error) => refusals.push(error.code),
  });
  return { line, taken, refusals, most: () => most, attempts: () => attempts };
}

const failure = (code: string, status: number, details = {}) =>
  new GuildhallError({ code, message: code, status, details });

test('one signal is under way at a time, and candidates stand before what came after them', async () => {
  const { line, taken, most } = slowLine();
  line.say('offer', { id: 1 });
  line.candidate({ candidate: 'a' });
  line.candidate({ candidate: 'b' });
  line.say('offer', { id: 2 });
  line.candidate({ candidate: 'c' });
  await vi.advanceTimersByTimeAsync(500);
  expect(taken).toEqual([
    ['offer', { id: 1 }],
    ['ice', { candidates: [{ candidate: 'a' }, { candidate: 'b' }] }],
    ['offer', { id: 2 }],
    ['ice', { candidates: [{ candidate: 'c' }] }],
  ]);
  expect(most()).toBe(1);
});

test('many candidates go in several signals, each small enough', async () => {
  const { line, taken } = slowLine();
  for (let index = 0; index < 70; index += 1) line.candidate({ candidate: `candidate ${index}` });
  await vi.advanceTimersByTimeAsync(500);
  const sizes = taken.map(
    (signal) => (signal as [string, { candidates: [] }])[1].candidates.length,
  );
  expect(sizes).toEqual([30, 30, 10]);
});

test('what does not get through is said again, and after five attempts it is lost, not what follows', async () => {
  const { line, taken, attempts } = slowLine((attempt) =>
    attempt <= 5 ? failure('network_error', 0) : null,
  );
  line.say('offer', { id: 1 });
  line.say('offer', { id: 2 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(taken).toEqual([['offer', { id: 2 }]]);
  expect(attempts()).toBe(6);
});

test('a flood waits as long as the server says, and counts as no attempt', async () => {
  const { line, taken } = slowLine((attempt) =>
    attempt <= 8 ? failure('rate_limited', 429, { retry_after: 3 }) : null,
  );
  line.say('offer', { id: 1 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(taken).toEqual([['offer', { id: 1 }]]);
});

test('a signal that is refused for what it is, is left out; refused for who it is to, the line is closed', async () => {
  const { line, taken, refusals, attempts } = slowLine((attempt) =>
    attempt === 1
      ? failure('invalid_argument', 422)
      : attempt === 3
        ? failure('not_found', 404)
        : null,
  );
  line.say('offer', { id: 1 });
  line.say('offer', { id: 2 });
  line.say('offer', { id: 3 });
  line.say('offer', { id: 4 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taken).toEqual([['offer', { id: 2 }]]);
  expect(refusals).toEqual(['not_found']);
  line.say('offer', { id: 5 });
  line.candidate({ candidate: 'late' });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(attempts()).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});
