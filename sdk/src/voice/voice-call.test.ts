import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { ModelVoice, OTHER_ROOM, ROOM, refused, unreachable } from '../testing/model-voice.ts';
import { createVoiceCalls, type VoiceJoinOptions } from './voice.ts';
import type { VoiceCall } from './voice-call.ts';

// What is said when, on a model of the server and a clock that the test moves. Media is heard in a real browser, in
// voice-call.stack.test.ts.

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
  FakePeerConnection.reaches = true;
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

const microphone = () => ({ kind: 'audio', enabled: true }) as MediaStreamTrack;
const camera = () => ({ kind: 'video', enabled: true }) as MediaStreamTrack;

async function join(
  server: ModelVoice,
  userId: string,
  options: Partial<VoiceJoinOptions> = {},
  channelId: string = ROOM,
): Promise<VoiceCall> {
  const calls = createVoiceCalls({} as never, server.source(userId), () => server.topics);
  const joining = calls.join(channelId, {
    ...(options.sfu ? {} : { rtc: FakePeerConnection as never }),
    ice: server.ice,
    ...options,
  });
  joining.catch(() => {});
  await pass(20);
  return joining;
}

const started = () => {
  FakePeerConnection.forTest();
  return new ModelVoice();
};

const others = (call: VoiceCall) =>
  call.getSnapshot().participants.filter(({ connection }) => connection !== 'self');

const open = () =>
  FakePeerConnection.made.filter(({ connectionState }) => connectionState !== 'closed');

test('a browser that makes no more connections keeps the call, and makes them when somebody comes or goes', async () => {
  const server = started();
  let isFull = true;
  class Full extends FakePeerConnection {
    constructor(configuration?: RTCConfiguration) {
      if (isFull) throw new Error('too many connections');
      super(configuration);
    }
  }
  const ada = await join(server, 'ada', { rtc: Full as never });
  await join(server, 'ben');
  await pass(500);
  expect(ada.getSnapshot()).toMatchObject({ status: 'connected' });
  expect(others(ada)).toMatchObject([{ userId: 'ben' }]);
  isFull = false;
  await join(server, 'cem');
  await pass(5_000);
  expect(others(ada)).toMatchObject([
    { userId: 'ben', connection: 'connected' },
    { userId: 'cem', connection: 'connected' },
  ]);
});

describe('joining', () => {
  test('connects two, the later one offers, and both hear what the other may say', async () => {
    const server = started();
    const ada = await join(server, 'ada', { media: [microphone()] });
    const ben = await join(server, 'ben', { media: [microphone()] });
    await pass(500);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', channelId: ROOM });
    expect(others(ada)).toMatchObject([{ userId: 'ben', connection: 'connected' }]);
    expect(others(ben)).toMatchObject([{ userId: 'ada', connection: 'connected' }]);
    expect(others(ada)[0]?.audio?.enabled).toBe(true);
    expect(others(ada)[0]?.video).toBeNull();
    expect(FakePeerConnection.made).toHaveLength(2);
    const offers = server.signals.filter(({ kind }) => kind === 'offer');
    expect(offers.map(({ from }) => from)).toEqual(['ben']);
  });

  test('asks for ICE servers before there is a session, and without them there is none', async () => {
    const server = started();
    const denied = refused('missing_permission', 403);
    const fetchIceServers = vi.fn(() => Promise.reject(denied));
    await expect(join(server, 'ada', { ice: { fetchIceServers } })).rejects.toBe(denied);
    expect(fetchIceServers).toHaveBeenCalledWith(
      expect.objectContaining({ communityId: 'community', channelId: ROOM }),
    );
    expect(server.calls).toEqual(['ada get']);
    expect(server.closed).toEqual([]);
    expect(FakePeerConnection.made).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an ICE backend that cannot be reached, or answers nonsense, is no reason to go on without', async () => {
    for (const answer of [
      () => Promise.reject(unreachable()),
      async () => ({ iceServers: 'none' }) as never,
    ]) {
      const server = started();
      await expect(join(server, 'ada', { ice: { fetchIceServers: answer } })).rejects.toMatchObject(
        { code: expect.stringMatching(/^(network_error|unexpected_answer)$/) },
      );
      expect(server.sessions.size).toBe(0);
      expect(FakePeerConnection.made).toEqual([]);
    }
  });

  test('an ICE backend that never answers is not waited for, and giving up ends it at once', async () => {
    const server = started();
    const ice = { fetchIceServers: () => new Promise<never>(() => {}) };
    const joining = join(server, 'ada', { ice });
    joining.catch(() => {});
    await pass(30_000);
    await expect(joining).rejects.toMatchObject({ code: 'timeout' });
    const stopper = new AbortController();
    const stopped = join(server, 'ada', { ice, signal: stopper.signal });
    stopped.catch(() => {});
    await pass(100);
    stopper.abort();
    await pass(1);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(server.calls).toEqual(['ada get', 'ada get']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('servers that a browser would throw over are refused before there is a session', async () => {
    const answer = await new ModelVoice().ice.fetchIceServers({} as never);
    for (const iceServers of [
      [{}],
      [{ urls: [] }],
      [{ urls: 'nonsense' }],
      [{ urls: ['stun:a.example', 'https://b.example'] }],
      [{ urls: 'stun://a.example' }],
      [{ urls: 'turn:a.example' }],
      [{ urls: 'turns:a.example', username: 'u' }],
    ]) {
      const server = started();
      const ice = { fetchIceServers: async () => ({ ...answer, iceServers }) as never };
      await expect(join(server, 'ada', { ice })).rejects.toMatchObject({
        code: 'unexpected_answer',
      });
      expect(server.sessions.size).toBe(0);
    }
  });

  test('who may not connect asks for no ICE servers at all', async () => {
    const server = started();
    const gone = refused('not_found', 404);
    server.fails = (_, operation) => (operation === 'get' ? gone : null);
    const fetchIceServers = vi.fn();
    await expect(join(server, 'ada', { ice: { fetchIceServers } })).rejects.toBe(gone);
    expect(fetchIceServers).not.toHaveBeenCalled();
  });

  test('given up half way, leaves no session behind', async () => {
    const server = started();
    const stopper = new AbortController();
    const joining = join(server, 'ada', { signal: stopper.signal });
    joining.catch(() => {});
    setTimeout(() => {
      expect(server.calls).toContain('ada openSession');
      stopper.abort();
    }, 1);
    await expect(joining).rejects.toMatchObject({ code: 'aborted' });
    await pass(100);
    expect(server.sessions.size).toBe(0);
    expect(FakePeerConnection.made).toEqual([]);
  });

  test('a channel with an SFU says so, and keeps the session without connections when asked to', async () => {
    const server = started();
    server.transport = 'sfu';
    await expect(join(server, 'ada')).rejects.toMatchObject({ code: 'sfu_required' });
    expect(server.sessions.size).toBe(0);
    const ada = await join(server, 'ada', { sfu: true });
    await join(server, 'ben', { sfu: true });
    await pass(60_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', iceProvider: null });
    expect(others(ada)).toMatchObject([{ userId: 'ben', connection: 'elsewhere', audio: null }]);
    expect(FakePeerConnection.made).toEqual([]);
  });
});

describe('what may be heard', () => {
  test('ends when the server says so, whatever the other goes on to send, and begins again', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    const ben = await join(server, 'ben', { media: [microphone()] });
    await pass(500);
    const held = others(ada)[0]?.audio;
    server.change('ben', { is_muted: true, can_speak: false });
    await pass(10);
    expect(others(ada)[0]).toMatchObject({ isMuted: true, canSpeak: false, audio: null });
    // Who still has the track in an audio element hears nothing, either.
    expect(held?.enabled).toBe(false);
    // And an honest client sends nothing any more.
    const sent = () =>
      FakePeerConnection.made.flatMap((connection) =>
        connection.getTransceivers().map(({ sender }) => sender.track),
      );
    expect(sent().filter((track) => track !== null)).toEqual([]);
    expect(ben.getSnapshot()).toMatchObject({ isMuted: true, canSpeak: false });
    server.change('ben', { is_muted: false, can_speak: true });
    await pass(10);
    expect(others(ada)[0]?.audio).toBe(held);
    expect(held?.enabled).toBe(true);
    expect(sent().filter((track) => track !== null)).toHaveLength(1);
  });

  test('video shows while it is sent and allowed, and comes without a new connection', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    const ben = await join(server, 'ben', { media: [microphone()] });
    await pass(500);
    ben.setVideo(camera());
    await pass(500);
    const held = others(ada)[0]?.video;
    expect(held?.enabled).toBe(true);
    const sent = () =>
      FakePeerConnection.made.flatMap((connection) =>
        connection.getTransceivers().filter(({ kind, sender }) => kind === 'video' && sender.track),
      );
    expect(sent()).toHaveLength(1);
    server.change('ben', { can_stream: false });
    await pass(500);
    expect(others(ada)[0]?.video).toBeNull();
    expect(held?.enabled).toBe(false);
    expect(sent()).toEqual([]);
    server.change('ben', { can_stream: true });
    ben.setVideo(null);
    await pass(500);
    expect(others(ada)[0]?.video).toBeNull();
    expect(FakePeerConnection.made).toHaveLength(2);
  });

  test('another microphone needs no new agreement', async () => {
    const server = started();
    const [first, second] = [microphone(), microphone()];
    await join(server, 'ada');
    const ben = await join(server, 'ben', { media: [first] });
    await pass(500);
    const said = server.signals.length;
    ben.setMicrophone(second);
    await pass(500);
    const tracks = FakePeerConnection.made.flatMap((connection) =>
      connection.getTransceivers().map(({ sender }) => sender.track),
    );
    expect(tracks).toContain(second);
    expect(tracks).not.toContain(first);
    expect(server.signals).toHaveLength(said);
    expect(() => ben.setMicrophone(camera())).toThrow(/kind audio/);
  });

  test('muting is at once, and whoever is refused the contrary stays muted', async () => {
    const server = started();
    const track = microphone();
    const ada = await join(server, 'ada', { media: [track] });
    const muting = ada.setMuted(true);
    expect(track.enabled).toBe(false);
    expect(ada.getSnapshot().isSelfMuted).toBe(true);
    await pass(10);
    await muting;
    expect(server.sessions.get('ada')?.is_self_muted).toBe(true);
    server.fails = (_, operation) =>
      operation === 'setState' ? refused('missing_permission', 403) : null;
    const refusal = ada.setMuted(false);
    refusal.catch(() => {});
    expect(track.enabled).toBe(true);
    await pass(10);
    await expect(refusal).rejects.toMatchObject({ code: 'missing_permission' });
    expect(track.enabled).toBe(false);
    expect(ada.getSnapshot().isSelfMuted).toBe(true);
  });

  test('a microphone that was switched off stays off, whatever the server says', async () => {
    const server = started();
    const track = microphone();
    const ada = await join(server, 'ada', { media: [track] });
    server.fails = (_, operation) =>
      operation === 'setState' ? refused('missing_permission', 403) : null;
    const refusal = ada.setMuted(true);
    refusal.catch(() => {});
    await pass(10);
    await expect(refusal).rejects.toMatchObject({ code: 'missing_permission' });
    expect(track.enabled).toBe(false);
    expect(ada.getSnapshot().isSelfMuted).toBe(true);
  });

  test('who mutes without a network stays muted, and the server hears of it later', async () => {
    const server = started();
    const track = microphone();
    const ada = await join(server, 'ada', { media: [track] });
    server.fails = () => unreachable();
    const muting = ada.setMuted(true);
    await pass(10);
    await muting;
    expect(track.enabled).toBe(false);
    server.fails = () => null;
    await pass(20_000);
    expect(server.sessions.get('ada')?.is_self_muted).toBe(true);
  });

  test('who is deaf hears nobody', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben', { media: [microphone()] });
    await pass(500);
    const held = others(ada)[0]?.audio;
    await Promise.all([ada.setDeafened(true), pass(10)]);
    expect(held?.enabled).toBe(false);
    expect(others(ada)[0]?.audio).toBeNull();
    await Promise.all([ada.setDeafened(false), pass(10)]);
    expect(held?.enabled).toBe(true);
  });
});

describe('signals', () => {
  test('arrive in order, and candidates in one batch', async () => {
    const server = started();
    await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    const bens = server.signals.filter(({ from }) => from === 'ben');
    expect(bens.map(({ kind }) => kind)).toEqual(['offer', 'ice']);
    expect(bens[1]?.payload).toEqual({
      candidates: [{ candidate: 'one' }, { candidate: 'two' }, { candidate: 'three' }],
    });
    for (const { candidates, tooEarly } of FakePeerConnection.made) {
      expect(candidates).toEqual(['one', 'two', 'three']);
      expect(tooEarly).toEqual([]);
    }
  });

  test('a lost offer, and a lost answer, are said again', async () => {
    for (const kind of ['offer', 'answer']) {
      const server = started();
      let lost = 0;
      server.loses = (signal) => signal.kind === kind && lost++ === 0;
      const ada = await join(server, 'ada');
      await join(server, 'ben');
      await pass(2_000);
      expect(others(ada)[0]?.connection).toBe(kind === 'offer' ? 'connecting' : 'connected');
      await pass(4_000);
      expect(lost).toBeGreaterThan(1);
      expect(others(ada)[0]?.connection).toBe('connected');
      expect(open().map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
    }
  });

  test('two that offer at once agree: the polite one gives way, and its wish is not lost', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    const ben = await join(server, 'ben');
    await pass(500);
    ada.setVideo(camera());
    ben.setVideo(camera());
    await pass(2_000);
    expect(FakePeerConnection.made.map(({ rollbacks }) => rollbacks).sort()).toEqual([0, 1]);
    expect(others(ada)[0]?.video).not.toBeNull();
    expect(others(ben)[0]?.video).not.toBeNull();
    expect(open().map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
  });

  test('too many wait for their turn, and none is lost', async () => {
    const server = started();
    await join(server, 'ada');
    let isFlooded = true;
    server.fails = (_, operation) =>
      isFlooded && operation === 'sendSignal'
        ? refused('rate_limited', 429, { retry_after: 2 })
        : null;
    const ben = await join(server, 'ben');
    await pass(1_000);
    expect(server.signals).toEqual([]);
    isFlooded = false;
    await pass(3_000);
    expect(server.signals.filter(({ from }) => from === 'ben').map(({ kind }) => kind)).toEqual([
      'offer',
      'ice',
    ]);
    expect(others(ben)[0]?.connection).toBe('connected');
  });

  test('of a stranger wait for the roster, and go nowhere when it does not know them', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(100);
    const own = ada.getSnapshot().sessionId;
    const offer = (from: string, to: string | null) =>
      server.say('user:ada', 'webrtc-signal', {
        channel_id: ROOM,
        from_user_id: from,
        from_session_id: `of-${from}`,
        to_session_id: to,
        kind: 'offer',
        payload: { sdp: '{"ice":1,"sections":[{"kind":"audio","direction":"sendrecv"}]}', id: 1 },
      });
    offer('eve', own);
    await pass(6_000);
    expect(FakePeerConnection.made).toEqual([]);
    // Before the roster says that he is there.
    server.isDeaf = true;
    offer('ben', own);
    await pass(2);
    server.put('ben', ROOM, 'of-ben');
    await pass(20_000);
    expect(FakePeerConnection.made).toHaveLength(1);
    expect(FakePeerConnection.made[0]?.remoteDescription).toBeNull();
    offer('ben', 'another-device');
    await pass(100);
    expect(FakePeerConnection.made[0]?.remoteDescription).toBeNull();
    offer('ben', own);
    await pass(100);
    expect(FakePeerConnection.made[0]?.remoteDescription?.type).toBe('offer');
    // Under the session of another.
    server.say('user:ada', 'webrtc-signal', {
      channel_id: ROOM,
      from_user_id: 'eve',
      from_session_id: 'of-ben',
      to_session_id: own,
      kind: 'ice',
      payload: { candidates: [{ candidate: 'evil' }] },
    });
    await pass(10_000);
    expect(FakePeerConnection.made[0]?.candidates).toEqual([]);
  });
});

describe('the roster', () => {
  test('reads again what it has missed, by the next change or the next renewal', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(100);
    server.isDeaf = true;
    server.put('ben', ROOM, 'of-ben');
    server.isDeaf = false;
    server.put('cem', ROOM, 'of-cem');
    await pass(10);
    expect(others(ada).map(({ userId }) => userId)).toEqual(['ben', 'cem']);
    server.isDeaf = true;
    server.remove('ben');
    await pass(17_000);
    expect(others(ada).map(({ userId }) => userId)).toEqual(['cem']);
  });

  test('while it cannot be read it is asked for again, until the call is left', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(100);
    server.fails = (_, operation) => (operation === 'get' ? unreachable() : null);
    server.say(server.topic(ROOM), 'roster_changed', 'nonsense');
    const before = server.calls.length;
    await pass(5_000);
    // At once, and half a second, 1.25, 2.5 and 4.75 seconds later.
    expect(server.calls.slice(before).filter((call) => call === 'ada get')).toHaveLength(5);
    await Promise.all([ada.leave(), pass(10)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('who is gone from it is disconnected', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    server.remove('ben');
    await pass(20);
    expect(others(ada)).toEqual([]);
    expect(open()).toEqual([]);
  });

  test('a snapshot is the same object until something changes', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(500);
    const before = ada.getSnapshot();
    const listener = vi.fn();
    ada.subscribe(listener);
    await pass(60_000);
    expect(listener).not.toHaveBeenCalled();
    expect(ada.getSnapshot()).toBe(before);
  });
});

describe('the lease', () => {
  test('is renewed three times in 45 seconds', async () => {
    const server = started();
    await join(server, 'ada');
    await pass(46_000);
    expect(server.calls.filter((call) => call === 'ada renewSession')).toHaveLength(3);
  });

  test('is renewed 15 seconds after it was asked for, however long the answers took', async () => {
    const server = started();
    const source = server.source('ada');
    const late = async <T>(answer: Promise<T>) => {
      await new Promise((resolve) => setTimeout(resolve, 9_000));
      return answer;
    };
    const renewedAt: number[] = [];
    const startedAt = Date.now();
    const calls = createVoiceCalls(
      {} as never,
      {
        ...source,
        openSession: (place) => late(source.openSession(place)),
        get: (request) => late(source.get(request)),
        renewSession: (place) => {
          renewedAt.push(Date.now() - startedAt);
          return late(source.renewSession(place));
        },
      },
      () => server.topics,
    );
    // 9 s for the gate; the session is asked for then, and known with the roster 18 s later.
    const joining = calls.join(ROOM, { rtc: FakePeerConnection as never, ice: server.ice });
    await pass(60_000);
    expect((await joining).getSnapshot().status).toBe('connected');
    const [first = 0, second = 0, third = 0] = renewedAt;
    expect(first).toBeLessThan(28_000);
    expect(second - first).toBeLessThan(16_000);
    expect(third - second).toBeLessThan(16_000);
  });

  test('outlives a network that comes back, and says when it does not', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    const session = ada.getSnapshot().sessionId;
    server.fails = (userId) => (userId === 'ada' ? unreachable() : null);
    await pass(20_000);
    expect(ada.getSnapshot().status).toBe('reconnecting');
    expect(others(ada)).toHaveLength(1);
    server.fails = () => null;
    await pass(6_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', sessionId: session });
    server.fails = (userId) => (userId === 'ada' ? unreachable() : null);
    await pass(62_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'reconnecting', participants: [] });
    expect(ada.getSnapshot().error?.code).toBe('network_error');
    await pass(600_000);
    server.fails = () => null;
    await pass(20_000);
    expect(ada.getSnapshot().status).toBe('connected');
    expect(ada.getSnapshot().sessionId).not.toBe(session);
    expect(others(ada)).toMatchObject([{ userId: 'ben', connection: 'connected' }]);
  });

  test('once lost, there is nothing to read or to tell until another session is open', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    server.fails = () => unreachable();
    server.say(server.topic(ROOM), 'roster_changed', 'nonsense');
    await pass(62_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'reconnecting', participants: [] });
    const before = server.calls.length;
    await Promise.all([ada.setMuted(true), pass(60_000)]);
    expect(new Set(server.calls.slice(before))).toEqual(new Set(['ada renewSession']));
    server.fails = () => null;
    await pass(20_000);
    expect(ada.getSnapshot().status).toBe('connected');
    expect(server.sessions.get('ada')?.is_self_muted).toBe(true);
  });

  test('left while it is to be opened anew, it stays closed', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    server.fails = () => unreachable();
    await pass(62_000);
    await Promise.all([ada.leave(), pass(10)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a machine that slept comes back by itself, muted as it was', async () => {
    const server = started();
    const ada = await join(server, 'ada', { isSelfMuted: true });
    const session = ada.getSnapshot().sessionId;
    vi.setSystemTime(Date.now() + 3_600_000);
    server.remove('ada');
    await pass(17_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', isSelfMuted: true });
    expect(ada.getSnapshot().sessionId).not.toBe(session);
    expect(server.sessions.get('ada')?.is_self_muted).toBe(true);
  });

  test.each([
    ['the same channel', ROOM, 'replaced'],
    ['another', OTHER_ROOM, 'disconnected'],
  ])(
    'nor does it take the seat that its owner has taken in %s meanwhile',
    async (_, channelId, endReason) => {
      for (const isCutOff of [false, true]) {
        const server = started();
        const laptop = await join(server, 'ada');
        vi.setSystemTime(Date.now() + 3_600_000);
        server.remove('ada');
        const phone = await join(server, 'ada', {}, channelId);
        let isFirst = isCutOff;
        server.fails = (_, operation) => {
          if (operation !== 'renewSession' || !isFirst) return null;
          isFirst = false;
          return unreachable();
        };
        await pass(40_000);
        expect(laptop.getSnapshot()).toMatchObject({ status: 'ended', endReason });
        expect(phone.getSnapshot()).toMatchObject({ status: 'connected', channelId });
        expect(server.calls.filter((call) => call === 'ada openSession')).toHaveLength(2);
        await Promise.all([phone.leave(), pass(10)]);
      }
    },
  );

  test('a channel that goes over an SFU by then is not come back to', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    server.fails = () => unreachable();
    await pass(62_000);
    server.transport = 'sfu';
    server.fails = () => null;
    await pass(20_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'refused' });
    expect(ada.getSnapshot().error?.code).toBe('sfu_required');
    expect(server.sessions.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('comes back also where its last renewal was so early that it was not written', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(4_500);
    const sessionId = ada.getSnapshot().sessionId;
    server.say('user:ada', 'voice_session_ended', { session_ids: [sessionId] });
    await pass(100);
    server.fails = () => unreachable();
    // The lease is over, as the server has it; as the last renewal would have it, it is not.
    await pass(41_500);
    server.fails = () => null;
    await pass(20_000);
    expect(ada.getSnapshot().status).toBe('connected');
    expect(ada.getSnapshot().sessionId).not.toBe(sessionId);
  });

  test('and not when the right is gone meanwhile', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    vi.setSystemTime(Date.now() + 3_600_000);
    server.remove('ada');
    server.fails = (_, operation) =>
      operation === 'openSession' ? refused('missing_permission', 403) : null;
    await pass(17_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'refused' });
    expect(ada.getSnapshot().error?.code).toBe('missing_permission');
  });

  test('taken away while it should hold, it is not taken back', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(100);
    server.remove('ada');
    await pass(50);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'disconnected' });
    await pass(120_000);
    expect(server.sessions.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    [401, 'session_required'],
    [403, 'missing_permission'],
    [404, 'not_found'],
  ])('%d ends the call, and all connections with it', async (status, code) => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    server.fails = (userId, operation) =>
      userId === 'ada' && operation === 'renewSession' ? refused(code, status) : null;
    await pass(17_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'refused' });
    expect(ada.getSnapshot().error).toMatchObject({ code, status });
    expect(open()).toHaveLength(1);
    expect(server.listeners('user:ada')).toBe(0);
  });

  test('moved while it was renewed, again and again, it is renewed a moment later', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(500);
    const { sessionId } = ada.getSnapshot();
    let conflicts = 0;
    server.fails = (_, operation) => {
      if (operation !== 'renewSession' || conflicts === 2) return null;
      conflicts += 1;
      return refused('conflict', 409);
    };
    await pass(50_000);
    expect(conflicts).toBe(2);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', sessionId });
  });

  test('the same device once more ends the call before, and the two do not take turns', async () => {
    const server = started();
    const first = await join(server, 'ada');
    const second = await join(server, 'ada');
    await pass(120_000);
    expect(first.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'replaced' });
    expect(second.getSnapshot().status).toBe('connected');
    expect(server.calls.filter((call) => call === 'ada openSession')).toHaveLength(2);
  });

  test('moved by a moderator, the call goes along', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    server.put('cem', OTHER_ROOM, 'of-cem');
    server.move('ada', OTHER_ROOM, 'moved');
    await pass(500);
    expect(ada.getSnapshot()).toMatchObject({
      status: 'connected',
      channelId: OTHER_ROOM,
      sessionId: 'moved',
    });
    expect(others(ada)).toMatchObject([{ userId: 'cem' }]);
    expect(server.listeners(server.topic(ROOM))).toBe(1);
    expect(server.listeners(server.topic(OTHER_ROOM))).toBe(1);
  });

  test('moved away and back before it hears of either, the call goes on', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(500);
    server.move('ada', OTHER_ROOM, 'away');
    server.move('ada', ROOM, 'back');
    await pass(17_000);
    expect(ada.getSnapshot()).toMatchObject({
      status: 'connected',
      channelId: ROOM,
      sessionId: 'back',
    });
  });

  test('moved to where media goes another way, the call ends, and gives the seat up', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(500);
    server.transport = 'sfu';
    server.move('ada', OTHER_ROOM, 'moved');
    await pass(500);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'refused' });
    expect(ada.getSnapshot().error?.code).toBe('sfu_required');
    expect(server.sessions.size).toBe(0);
  });

  test('left by a listener that hears of the move, the call follows nothing any more', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await pass(500);
    ada.subscribe(() => {
      if (ada.getSnapshot().channelId !== ROOM) void ada.leave();
    });
    server.move('ada', OTHER_ROOM, 'moved');
    await pass(500);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'left' });
    for (const room of [ROOM, OTHER_ROOM]) expect(server.listeners(server.topic(room))).toBe(0);
    expect(server.sessions.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('ICE', () => {
  test('credentials are fetched anew before they expire, and connections go over to them', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    const [before] = FakePeerConnection.made[0]?.configuration.iceServers ?? [];
    await pass(545_000);
    const [after] = FakePeerConnection.made[0]?.configuration.iceServers ?? [];
    expect(after?.username).not.toBe(before?.username);
    expect(FakePeerConnection.made.every(({ restarts }) => restarts > 0)).toBe(true);
    expect(others(ada)).toMatchObject([{ connection: 'connected' }]);
    expect(open().map(({ signalingState }) => signalingState)).toEqual(['stable', 'stable']);
  });

  test('refused then, the call ends; unreachable, it goes on and asks again', async () => {
    const server = started();
    let failure: Error | null = null;
    let asked = 0;
    const fetchIceServers: typeof server.ice.fetchIceServers = (request) => {
      asked += 1;
      return failure === null ? server.ice.fetchIceServers(request) : Promise.reject(failure);
    };
    const ada = await join(server, 'ada', { ice: { fetchIceServers } });
    failure = unreachable();
    await pass(600_000);
    expect(asked).toBeGreaterThan(2);
    expect(ada.getSnapshot().status).toBe('connected');
    failure = refused('missing_permission', 403);
    await pass(60_000);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'refused' });
    expect(server.sessions.size).toBe(0);
  });

  test('a backend that once does not answer is asked again', async () => {
    const server = started();
    let asked = 0;
    const fetchIceServers: typeof server.ice.fetchIceServers = (request) => {
      asked += 1;
      return asked === 2 ? new Promise(() => {}) : server.ice.fetchIceServers(request);
    };
    const ada = await join(server, 'ada', { ice: { fetchIceServers } });
    await pass(600_000);
    expect(asked).toBe(3);
    expect(ada.getSnapshot()).toMatchObject({ status: 'connected', error: null });
  });

  test('only the server says degraded, and it is asked again soon', async () => {
    const server = started();
    let isDegraded = true;
    const ada = await join(server, 'ada', {
      ice: {
        fetchIceServers: async (request) => ({
          ...(await server.ice.fetchIceServers(request)),
          degraded: isDegraded,
        }),
      },
    });
    expect(ada.getSnapshot().degraded).toBe(true);
    isDegraded = false;
    await pass(61_000);
    expect(ada.getSnapshot().degraded).toBe(false);
  });

  test('a connection that fails is restarted, each time later, until it holds', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    FakePeerConnection.reaches = false;
    for (const connection of FakePeerConnection.made) connection.become('failed');
    expect(others(ada)[0]?.connection).toBe('reconnecting');
    const restarts = () =>
      FakePeerConnection.made.reduce((total, connection) => total + connection.restarts, 0);
    await pass(1_000);
    expect(restarts()).toBe(1);
    FakePeerConnection.reaches = true;
    await pass(6_000);
    expect(restarts()).toBe(2);
    expect(others(ada)[0]?.connection).toBe('connected');
    for (const connection of FakePeerConnection.made) connection.become('disconnected');
    await pass(1_000);
    for (const connection of FakePeerConnection.made) connection.become('connected');
    await pass(60_000);
    expect(restarts()).toBe(2);
  });
});

describe('leaving', () => {
  test('while it comes back, the session that is being opened is closed, too', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    vi.setSystemTime(Date.now() + 3_600_000);
    server.remove('ada');
    const opened = () => server.calls.filter((call) => call === 'ada openSession').length;
    while (opened() < 2) await pass(1);
    await Promise.all([ada.leave(), pass(50)]);
    expect(opened()).toBe(2);
    expect(server.sessions.size).toBe(0);
  });

  test('ends everything, tells the server once, and leaves no timer', async () => {
    const server = started();
    const ada = await join(server, 'ada');
    await join(server, 'ben');
    await pass(500);
    await Promise.all([ada.leave(), ada.leave(), pass(10)]);
    await ada.leave();
    expect(server.closed).toEqual(['ada']);
    expect(ada.getSnapshot()).toMatchObject({
      status: 'ended',
      endReason: 'left',
      error: null,
      participants: [],
    });
    await pass(100);
    expect(open()).toEqual([]);
    expect(server.listeners('user:ada')).toBe(0);
    await expect(ada.setMuted(true)).rejects.toMatchObject({ code: 'closed' });
  });

  test("ends the session that is one's own, and not the one that another call has taken since", async () => {
    const server = started();
    const first = await join(server, 'ada');
    const second = await join(server, 'ada');
    await Promise.all([first.leave(), pass(50)]);
    expect(second.getSnapshot().status).toBe('connected');
    expect(server.sessions.get('ada')).toBeDefined();
    await pass(60_000);
    expect(second.getSnapshot().status).toBe('connected');
    await Promise.all([second.leave(), pass(50)]);
    expect(server.sessions.size).toBe(0);
  });

  test('a page that is left says farewell at once', async () => {
    const page = new EventTarget();
    vi.stubGlobal('window', page);
    const server = started();
    const ada = await join(server, 'ada');
    page.dispatchEvent(new Event('pagehide'));
    vi.unstubAllGlobals();
    expect(server.farewells).toEqual(['ada']);
    expect(ada.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'left' });
    await ada.leave();
    expect(server.closed).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
