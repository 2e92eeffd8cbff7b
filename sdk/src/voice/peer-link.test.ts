import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { PeerLink } from './peer-link.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  FakePeerConnection.reaches = true;
  vi.useRealTimers();
});

/** One side of a connection, whose other side is the test. */
function side(options: { isCaller: boolean; isPolite: boolean }) {
  const said: { kind: string; payload: Record<string, unknown> }[] = [];
  const link = new PeerLink({
    ...options,
    rtc: FakePeerConnection.forTest(),
    configuration: {},
    line: {
      say: (kind, payload) => said.push({ kind, payload: payload as Record<string, unknown> }),
      candidate: () => {},
      close: () => {},
    },
    tracks: { audio: null, video: null },
    onChange: () => {},
  });
  const [connection] = FakePeerConnection.made;
  if (connection === undefined) throw new Error('no connection was made');
  return { link, said, connection };
}

const sdp = (ice = 1) =>
  JSON.stringify({
    ice,
    sections: [
      { kind: 'audio', direction: 'sendrecv' },
      { kind: 'video', direction: 'recvonly' },
    ],
  });

test('an answer to another offer than the last is left aside', async () => {
  const { link, said, connection } = side({ isCaller: true, isPolite: false });
  await vi.advanceTimersByTimeAsync(10);
  expect(said.map(({ kind, payload }) => [kind, payload.id])).toEqual([['offer', 1]]);
  link.receive('answer', { sdp: sdp(), id: 7 });
  await vi.advanceTimersByTimeAsync(10);
  expect(connection.signalingState).toBe('have-local-offer');
  link.receive('answer', { sdp: sdp(), id: 1 });
  await vi.advanceTimersByTimeAsync(10);
  expect(connection.signalingState).toBe('stable');
  expect(link.state).toBe('connected');
  link.close();
});

test('the impolite one does not hear an offer while its own is out; the polite one takes its own back', async () => {
  for (const isPolite of [false, true]) {
    const { link, said, connection } = side({ isCaller: true, isPolite });
    await vi.advanceTimersByTimeAsync(10);
    link.receive('answer', { sdp: sdp(), id: 1 });
    await vi.advanceTimersByTimeAsync(10);
    link.setConfiguration({});
    await vi.advanceTimersByTimeAsync(10);
    expect(connection.signalingState).toBe('have-local-offer');
    link.receive('offer', { sdp: sdp(), id: 3 });
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.rollbacks).toBe(isPolite ? 1 : 0);
    const answers = said.filter(({ kind }) => kind === 'answer').map(({ payload }) => payload.id);
    expect(answers).toEqual(isPolite ? [3] : []);
    link.close();
  }
});

test('the first offer gives way to nobody', async () => {
  for (const isPolite of [false, true]) {
    const { link, said, connection } = side({ isCaller: true, isPolite });
    await vi.advanceTimersByTimeAsync(10);
    link.receive('offer', { sdp: sdp(), id: 3 });
    await vi.advanceTimersByTimeAsync(4_500);
    expect(connection.rollbacks).toBe(0);
    expect(said.map(({ kind }) => kind)).toEqual(['offer', 'offer']);
    link.close();
  }
});

test('until they are connected, whoever does not call makes no offer, but asks for one; then what it wanted is offered', async () => {
  FakePeerConnection.reaches = false;
  const { link, said, connection } = side({ isCaller: false, isPolite: false });
  link.receive('offer', { sdp: sdp(), id: 1 });
  await vi.advanceTimersByTimeAsync(10);
  link.setConfiguration({});
  link.setTracks({ audio: null, video: { kind: 'video' } as MediaStreamTrack });
  await vi.advanceTimersByTimeAsync(10);
  expect(said.map(({ kind }) => kind)).toEqual(['answer', 'renegotiate']);
  connection.become('failed');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(said.map(({ kind }) => kind)).toEqual(['answer', 'renegotiate', 'renegotiate']);
  connection.become('connected');
  await vi.advanceTimersByTimeAsync(10);
  expect(said.at(-1)?.kind).toBe('offer');
  link.close();
});

test('whoever does not call says nothing before it is called, but asks for it when it hears again', async () => {
  const { link, said, connection } = side({ isCaller: false, isPolite: true });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([]);
  link.nudge();
  expect(said.map(({ kind }) => kind)).toEqual(['renegotiate']);
  link.receive('offer', { sdp: sdp(), id: 1 });
  await vi.advanceTimersByTimeAsync(10);
  expect(said.map(({ kind }) => kind)).toEqual(['renegotiate', 'answer']);
  // The same offer once more: its answer was lost.
  link.receive('offer', { sdp: sdp(), id: 1 });
  await vi.advanceTimersByTimeAsync(10);
  expect(said.map(({ kind }) => kind)).toEqual(['renegotiate', 'answer', 'answer']);
  expect(connection.getTransceivers()).toHaveLength(2);
  link.close();
});

test('an answer that could not be made does not stand in the way of the next offer', async () => {
  for (const isPolite of [false, true]) {
    const { link, said, connection } = side({ isCaller: false, isPolite });
    const createAnswer = vi.spyOn(connection, 'createAnswer').mockRejectedValueOnce(new Error());
    link.receive('offer', { sdp: sdp(), id: 1 });
    await vi.advanceTimersByTimeAsync(10);
    expect(createAnswer).toHaveBeenCalledOnce();
    link.receive('offer', { sdp: sdp(), id: 1 });
    await vi.advanceTimersByTimeAsync(10);
    expect(said.map(({ kind }) => kind)).toEqual(['answer']);
    link.close();
  }
});

test('a flood of offers does not make us speak as often, and whoever asks again later is answered', async () => {
  const { link, said } = side({ isCaller: false, isPolite: true });
  for (let id = 1; id <= 300; id += 1) {
    link.receive('offer', { sdp: sdp(), id });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(said.length).toBeGreaterThan(15);
  expect(said.length).toBeLessThan(60);
  await vi.advanceTimersByTimeAsync(5_000);
  link.receive('offer', { sdp: sdp(), id: 1_000 });
  await vi.advanceTimersByTimeAsync(10);
  expect(said.at(-1)).toMatchObject({ kind: 'answer', payload: { id: 1_000 } });
  link.close();
});

test('what is no description, and what comes after the end, harms nothing', async () => {
  const { link, connection } = side({ isCaller: false, isPolite: true });
  link.receive('offer', { sdp: 'no sdp', id: 1 });
  link.receive('offer', {});
  link.receive('answer', { sdp: sdp(), id: 1 });
  link.receive('ice', { candidates: [null, { candidate: 'x' }, 7] });
  link.receive('ice', { candidates: 'all of them' });
  link.receive('renegotiate', {});
  await vi.advanceTimersByTimeAsync(10);
  expect(link.audio).toBeNull();
  link.close();
  link.receive('offer', { sdp: sdp(), id: 2 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(connection.signalingState).toBe('closed');
  expect(vi.getTimerCount()).toBe(0);
});
