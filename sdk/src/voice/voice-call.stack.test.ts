import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection.ts';
import { newCommunity, newPerson, type Person, secondDevice } from '../testing/stack-people.ts';
import type { VoiceJoinOptions } from './voice.ts';
import type { VoiceCall } from './voice-call.ts';
import type { VoiceIceBackend } from './voice-ice-backend.ts';

// The session, the roster and the signals against the running stack. Connections are made by a model here, which has no network; what is
// heard over real ones is in scripts/test/voice/calls.test.ts.

let ada: Person;
let ben: Person;
let bensTablet: Person;
let eve: Person;
let communityId: string;

beforeAll(async () => {
  [ada, ben, eve] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  bensTablet = await secondDevice(ben);
  const { community } = await newCommunity(ada, [ben]);
  communityId = community.id;
});

afterAll(() => {
  for (const { supabase } of [ada, ben, bensTablet, eve]) supabase.realtime.disconnect();
});

const ice: VoiceIceBackend = {
  fetchIceServers: async () => ({
    iceServers: [],
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    provider: 'none',
    degraded: false,
  }),
};

async function newRoom(transport: 'mesh' | 'sfu' = 'mesh'): Promise<string> {
  const { id: channelId } = await ada.guildhall.communities.createChannel({
    communityId,
    name: 'lounge',
    kind: 'voice',
  });
  if (transport === 'sfu') await ada.guildhall.voice.updateChannel({ channelId, transport });
  return channelId;
}

async function join(
  { guildhall }: Person,
  channelId: string,
  options: VoiceJoinOptions = {},
): Promise<VoiceCall> {
  const call = await guildhall.voice.join(channelId, {
    ...(options.sfu ? {} : { rtc: FakePeerConnection as never, ice }),
    ...options,
  });
  onTestFinished(() => call.leave());
  return call;
}

const whoIsThere = (call: VoiceCall) =>
  call.getSnapshot().participants.map(({ userId, connection }) => [userId, connection]);

const shows = (call: VoiceCall, wanted: unknown[]) =>
  vi.waitFor(() => expect(whoIsThere(call)).toEqual(wanted), { timeout: 15_000, interval: 20 });

const becomes = (call: VoiceCall, wanted: object) =>
  vi.waitFor(() => expect(call.getSnapshot()).toMatchObject(wanted), {
    timeout: 15_000,
    interval: 20,
  });

describe('a mesh', () => {
  test('two join, agree by signals, and one leaves', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const bens = await join(ben, channelId);
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
    ]);
    await shows(bens, [
      [ada.id, 'connected'],
      [ben.id, 'self'],
    ]);
    await becomes(adas, { status: 'connected', communityId, channelId, canSpeak: true });
    await bens.setMuted(true);
    await vi.waitFor(() =>
      expect(adas.getSnapshot().participants[1]).toMatchObject({ isSelfMuted: true }),
    );
    await bens.leave();
    await shows(adas, [[ada.id, 'self']]);
    const room = await ada.guildhall.voice.get({ channelId });
    expect(room.participants.map(({ user_id }) => user_id)).toEqual([ada.id]);
  });

  test('two devices of one person do not disturb each other, and are not connected to each other', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const phone = await join(ben, channelId, { deviceId: randomUUID() });
    const tablet = await join(bensTablet, channelId, { deviceId: randomUUID() });
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
      [ben.id, 'connected'],
    ]);
    for (const own of [phone, tablet]) {
      await shows(own, [
        [ada.id, 'connected'],
        [ben.id, 'self'],
        [ben.id, 'self'],
      ]);
      expect(own.getSnapshot().participants.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    }
    await phone.leave();
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
    ]);
    expect(tablet.getSnapshot()).toMatchObject({ status: 'connected', endReason: null });
  });

  test('the same device once more takes the place of its first call', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const first = await join(ben, channelId);
    const second = await join(ben, channelId);
    await becomes(first, { status: 'ended', endReason: 'replaced' });
    await becomes(second, { status: 'connected' });
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
    ]);
  });

  test('who is disconnected by a moderator is out, and does not come back by themselves', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const bens = await join(ben, channelId);
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
    ]);
    await ada.guildhall.voice.disconnectMember({ channelId, userId: ben.id });
    await becomes(bens, { status: 'ended', endReason: 'disconnected' });
    await shows(adas, [[ada.id, 'self']]);
    const again = await join(ben, channelId);
    await becomes(again, { status: 'connected' });
  });

  test('who loses the right is out, and hears which', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const bens = await join(ben, channelId);
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'connected'],
    ]);
    await ada.guildhall.communities.setChannelOverwrite({
      channelId,
      subjectKind: 'member',
      subjectId: ben.id,
      deny: ['connect'],
    });
    await becomes(bens, { status: 'ended', endReason: 'refused' });
    expect(bens.getSnapshot().error).toMatchObject({
      code: 'missing_permission',
      details: { permission: 'connect' },
    });
    await shows(adas, [[ada.id, 'self']]);
    await expect(join(ben, channelId)).rejects.toMatchObject({ code: 'missing_permission' });
    // The topic has moved away from who may not hear it; who stays goes along, long before the next renewal would tell.
    await ada.guildhall.communities.clearChannelOverwrite({
      channelId,
      subjectKind: 'member',
      subjectId: ben.id,
    });
    await join(ben, channelId);
    await vi.waitFor(
      () =>
        expect(whoIsThere(adas)).toEqual([
          [ada.id, 'self'],
          [ben.id, 'connected'],
        ]),
      { timeout: 7_000, interval: 20 },
    );
  });

  test('without the right to speak one is in, and nothing of one is let through', async () => {
    const channelId = await newRoom();
    const adas = await join(ada, channelId);
    const bens = await join(ben, channelId);
    const heard = () => adas.getSnapshot().participants[1]?.audio ?? null;
    await vi.waitFor(() => expect(heard()).not.toBeNull(), { timeout: 10_000 });
    const overwrite = { channelId, subjectKind: 'member', subjectId: ben.id };
    await ada.guildhall.communities.setChannelOverwrite({ ...overwrite, deny: ['speak'] });
    await vi.waitFor(() => expect(heard()).toBeNull(), { timeout: 10_000 });
    await becomes(bens, { canSpeak: false, isMuted: false });
    await ada.guildhall.communities.clearChannelOverwrite(overwrite);
    await vi.waitFor(() => expect(heard()).not.toBeNull(), { timeout: 10_000 });
    await becomes(bens, { canSpeak: true });
  });
});

describe('the Edge Function voice-ice', () => {
  test('is asked when no other backend is given, and what it says is shown', async () => {
    const channelId = await newRoom();
    const call = await ada.guildhall.voice.join(channelId, { rtc: FakePeerConnection as never });
    // This stack has no provider, which its function says.
    expect(call.getSnapshot()).toMatchObject({ iceProvider: 'stun', degraded: true });
    await call.leave();
  });

  test('a refusal of it is a GuildhallError, and there is no session', async () => {
    const channelId = await newRoom();
    const backend = vi.fn();
    await expect(
      eve.guildhall.voice.join(channelId, {
        rtc: FakePeerConnection as never,
        ice: { fetchIceServers: backend },
      }),
    ).rejects.toMatchObject({ name: 'GuildhallError', code: 'not_found', status: 404 });
    expect(backend).not.toHaveBeenCalled();
    // Refused by the function itself: the right ends between the two questions.
    const bens = ben.supabase.functions;
    vi.spyOn(ben.supabase, 'functions', 'get').mockReturnValue({
      invoke: async (name: string, options: object) => {
        await ada.guildhall.communities.setChannelOverwrite({
          channelId,
          subjectKind: 'member',
          subjectId: ben.id,
          deny: ['connect'],
        });
        return bens.invoke(name, options);
      },
    } as never);
    onTestFinished(() => void vi.restoreAllMocks());
    await expect(
      ben.guildhall.voice.join(channelId, { rtc: FakePeerConnection as never }),
    ).rejects.toMatchObject({
      name: 'GuildhallError',
      code: 'missing_permission',
      status: 403,
      requestId: expect.any(String),
    });
    expect((await ada.guildhall.voice.get({ channelId })).participants).toEqual([]);
  });
});

describe('a channel with an SFU', () => {
  test('says that it needs one, before there is a session', async () => {
    const channelId = await newRoom('sfu');
    await expect(join(ada, channelId)).rejects.toMatchObject({ code: 'sfu_required' });
    expect((await ada.guildhall.voice.get({ channelId })).participants).toEqual([]);
    const mesh = await newRoom();
    await expect(join(ada, mesh, { sfu: true })).rejects.toMatchObject({ code: 'mesh_required' });
    await expect(ada.guildhall.voice.join(mesh, {})).rejects.toMatchObject({
      code: 'invalid_argument',
    });
  });

  test('keeps the session, the roster and the states, and makes no connections', async () => {
    const channelId = await newRoom('sfu');
    const made = FakePeerConnection.made.length;
    const adas = await join(ada, channelId, { sfu: true });
    const bens = await join(ben, channelId, { sfu: true, isSelfMuted: true });
    await shows(adas, [
      [ada.id, 'self'],
      [ben.id, 'elsewhere'],
    ]);
    await vi.waitFor(() =>
      expect(adas.getSnapshot().participants[1]).toMatchObject({ isSelfMuted: true, audio: null }),
    );
    await ada.guildhall.voice.muteMember({ channelId, userId: ben.id, isMuted: true });
    await becomes(bens, { isMuted: true, canSpeak: false });
    expect(FakePeerConnection.made).toHaveLength(made);
  });
});

test('a page that is left closes its session by a request of its own', async () => {
  const page = new EventTarget();
  vi.stubGlobal('window', page);
  onTestFinished(() => void vi.unstubAllGlobals());
  const channelId = await newRoom();
  const bens = await join(ben, channelId, { deviceId: randomUUID() });
  vi.unstubAllGlobals();
  const adas = await join(ada, channelId);
  await shows(adas, [
    [ben.id, 'connected'],
    [ada.id, 'self'],
  ]);
  page.dispatchEvent(new Event('pagehide'));
  expect(bens.getSnapshot()).toMatchObject({ status: 'ended', endReason: 'left' });
  await shows(adas, [[ada.id, 'self']]);
});
