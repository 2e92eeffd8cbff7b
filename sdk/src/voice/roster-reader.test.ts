import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OTHER_ROOM, ROOM, refused, unreachable } from '../testing/model-voice.ts';
import { RosterReader } from './roster-reader.ts';
import { VoiceRoster } from './voice-roster.ts';
import type { VoiceRoomRow } from './voice-source.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const room = (channelId: string, revision: number): VoiceRoomRow => ({
  community_id: 'community',
  channel_id: channelId,
  transport: 'mesh',
  topic: `voice:${channelId}`,
  revision,
  participants: [],
});

/** A reader in a channel, and each question of it, to be answered by the test. */
function reading() {
  const roster = new VoiceRoster();
  roster.reset(ROOM);
  const place: { channelId: string | null } = { channelId: ROOM };
  let asked = 0;
  const fetch = vi.fn(async (channelId: string) => {
    asked += 1;
    // Who never stops asking would stop the test's clock, too.
    if (asked > 20) throw refused('not_found', 404);
    return room(channelId, 1);
  });
  const onRead = vi.fn();
  const onRefused = vi.fn();
  const onSettled = vi.fn();
  const channelId = () => place.channelId;
  const reader = new RosterReader(roster, { channelId, fetch, onRead, onRefused, onSettled });
  return { reader, roster, place, fetch, onRead, onRefused, onSettled };
}

const phantom = { channel_id: ROOM, revision: 9, present: [], left: [] };

test('one question at a time, and one more for all who asked meanwhile', async () => {
  const { reader, fetch, onSettled } = reading();
  let answer = (_: VoiceRoomRow) => {};
  fetch.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  for (let asked = 0; asked < 3; asked += 1) reader.read();
  await pass(100);
  expect(fetch).toHaveBeenCalledTimes(1);
  answer(room(ROOM, 1));
  await pass(100);
  expect(fetch).toHaveBeenCalledTimes(2);
  expect(onSettled).toHaveBeenCalledTimes(1);
});

test('a change that the roster does not have after three questions is none', async () => {
  const { reader, roster, fetch } = reading();
  roster.hear(phantom);
  reader.read();
  await pass(100);
  expect(fetch).toHaveBeenCalledTimes(3);
  expect(roster.isBehind).toBe(false);
});

test('what was doubted before a reset does not count after it', async () => {
  const { reader, roster, fetch, onRead } = reading();
  onRead.mockReturnValueOnce(undefined).mockImplementationOnce(() => reader.reset());
  roster.hear(phantom);
  reader.read();
  await pass(100);
  expect(fetch).toHaveBeenCalledTimes(4);
});

test('moved meanwhile, the answer is left aside and the other channel is read', async () => {
  const { reader, roster, place, fetch, onRead } = reading();
  reader.read();
  place.channelId = OTHER_ROOM;
  roster.reset(OTHER_ROOM);
  await pass(100);
  expect(fetch.mock.calls).toEqual([[ROOM], [OTHER_ROOM]]);
  expect(onRead.mock.calls).toEqual([[room(OTHER_ROOM, 1)]]);
});

test('over meanwhile, neither an answer nor a failure has an effect', async () => {
  for (const answer of [
    async () => room(ROOM, 1),
    () => Promise.reject(unreachable()),
    () => Promise.reject(refused('not_found', 404)),
  ]) {
    const { reader, roster, place, fetch, onRead, onRefused, onSettled } = reading();
    fetch.mockImplementation(answer);
    reader.read();
    place.channelId = null;
    await pass(100);
    reader.read();
    await pass(60_000);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(onRead).not.toHaveBeenCalled();
    expect(onRefused).not.toHaveBeenCalled();
    expect(onSettled).toHaveBeenCalledTimes(1);
    expect(roster.revision).toBe(-1);
    expect(vi.getTimerCount()).toBe(0);
  }
});

test('each failure is waited out longer than the one before, and the first after a success is not', async () => {
  const { reader, fetch } = reading();
  const waits = [500, 750, 1_250, 2_250];
  fetch.mockImplementation(() => Promise.reject(unreachable()));
  reader.read();
  for (const [failures, waitMs] of waits.entries()) {
    await pass(failures === 0 ? waitMs - 1 : waitMs);
    expect(fetch).toHaveBeenCalledTimes(failures + 1);
  }
  fetch.mockImplementationOnce(async () => room(ROOM, 1));
  await pass(1);
  expect(fetch).toHaveBeenCalledTimes(5);
  reader.read();
  await pass(500);
  expect(fetch).toHaveBeenCalledTimes(7);
});

test('waits as long as the server wants', async () => {
  const { reader, fetch } = reading();
  fetch.mockRejectedValueOnce(refused('rate_limited', 429, { retry_after: 3 }));
  reader.read();
  await pass(3_499);
  expect(fetch).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('asked again before that, or stopped, it does not wait any more', async () => {
  for (const end of ['read', 'stop'] as const) {
    const { reader, fetch } = reading();
    fetch.mockRejectedValueOnce(unreachable());
    reader.read();
    await pass(10);
    expect(vi.getTimerCount()).toBe(1);
    reader[end]();
    expect(vi.getTimerCount()).toBe(0);
    await pass(60_000);
    expect(fetch).toHaveBeenCalledTimes(end === 'read' ? 2 : 1);
  }
});

test('refused, it does not ask again by itself', async () => {
  const { reader, fetch, onRefused } = reading();
  fetch.mockRejectedValue(refused('not_found', 404));
  reader.read();
  await pass(60_000);
  expect(onRefused).toHaveBeenCalledTimes(1);
  expect(fetch).toHaveBeenCalledTimes(1);
});
