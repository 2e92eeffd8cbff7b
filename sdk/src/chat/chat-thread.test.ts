import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Chance, ModelChat } from '../testing/model-chat.ts';
import type { ChatThreadOptions } from './chat-snapshot.ts';
import { ChatThread } from './chat-thread.ts';
import { Gateway } from './gateway.ts';

// Over a network as bad as chance makes it, on a clock of its own. What the stack really does is in chat-thread.stack.test.ts.

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** mulberry32: small, and the same everywhere. */
function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Opens the thread as this person, and watches that it shows nothing twice or out of order, and takes nothing back that is there. */
async function follow(model: ModelChat, me: string, options: ChatThreadOptions) {
  const thread = new ChatThread(
    { threadId: model.threadId, otherUserMongoId: me === 'ann' ? 'ben' : 'ann' },
    new Gateway({
      gatewayUrl: 'http://gateway.example',
      getToken: () => 'a.b.c',
      fetch: model.fetchOf(me),
    }),
    options.realtime === 'poll' ? null : model.topics(),
    options,
  );
  const faults: string[] = [];
  const shown = new Set<string>();
  thread.subscribe(() => {
    const { messages } = thread.getSnapshot();
    const keys = messages.map(({ key }) => key);
    if (new Set(keys).size < keys.length) faults.push(`twice: ${keys}`);
    const ids = messages.flatMap(({ id }) => id ?? []);
    const isGone = (id: string) => !ids.includes(id) && !model.deleted.has(id);
    faults.push(...[...shown].filter(isGone).map((id) => `gone: ${id}`));
    for (const id of ids) shown.add(id);
    const seqs = messages.flatMap(({ seq }) => seq ?? []);
    if (seqs.some((seq, at) => at > 0 && seq <= seqs[at - 1]!)) faults.push(`order: ${seqs}`);
  });
  let starting = thread.start();
  // The first page may be lost like any other.
  for (let isOpen = false; !isOpen; ) {
    const settled = starting.then(
      () => true,
      () => false,
    );
    await vi.advanceTimersByTimeAsync(30_000);
    isOpen = await settled;
    if (!isOpen) starting = thread.start();
  }
  return { thread, faults };
}

interface Step {
  kind: string;
  by?: number;
  at?: number;
  ms?: number;
}

const talking = [
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send'), by: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.nat(4_000) }) },
];
const changing = [
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit'), at: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete'), at: fc.nat(30) }) },
];

async function talk(seed: number, steps: readonly Step[], options: ChatThreadOptions) {
  const model = new ModelChat(chanceOf(seed));
  const both = [await follow(model, 'ann', options), await follow(model, 'ben', options)];
  let said = 0;
  for (const { kind, by = 0, at = 0, ms = 0 } of steps) {
    if (kind === 'send') {
      said += 1;
      void both[by]!.thread.send(String(said));
    }
    if (kind === 'edit') model.edit(at);
    if (kind === 'delete') model.delete(at);
    if (kind === 'break') model.breakTopic();
    if (kind === 'wait') await vi.advanceTimersByTimeAsync(ms);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  model.isBad = false;
  for (const { thread } of both) {
    for (const { status, clientId } of thread.getSnapshot().messages) {
      if (status === 'failed') void thread.retry(clientId!);
    }
  }
  await vi.advanceTimersByTimeAsync(120_000);
  const wanted = model.stored.map(({ body, seq }) => ({ body, seq, status: 'sent' }));
  for (const { thread, faults } of both) {
    const { messages, warning } = thread.getSnapshot();
    expect(messages.map(({ body, seq, status }) => ({ body, seq, status }))).toEqual(wanted);
    expect([faults, warning]).toEqual([[], null]);
    thread.close();
  }
  vi.clearAllTimers();
}

const seed = process.env.GUILDHALL_SEED;

test.each([
  // Reviews so often that they are overtaken by what arrives meanwhile.
  [
    'what is changed, with Realtime',
    [...talking, ...changing],
    { realtime: 'broadcast', reviewIntervalMs: 300 },
  ],
  [
    'what is changed, by asking alone',
    [...talking, ...changing],
    { realtime: 'poll', reviewIntervalMs: 300 },
  ],
  // Reviews of so small a page heal next to nothing: what is new comes by itself.
  ['what is said, with Realtime', talking, { realtime: 'broadcast', pageSize: 2 }],
  ['what is said, by asking alone', talking, { realtime: 'poll', pageSize: 2 }],
] as const)(
  '%s: nothing is shown twice or taken back, and both end with the same',
  async (_, choices, options) => {
    const steps = fc.array(fc.oneof(...choices) as fc.Arbitrary<Step>, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer(), steps, (chance, taken) => talk(chance, taken, options)),
      { numRuns: 25, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
  },
  60_000,
);
