import { randomUUID } from 'node:crypto';
import { AccessToken, TrackSource, TrackType } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Person } from '../../../sdk/src/testing/stack-people.ts';
import { type Fault, twirpError } from './room-service.ts';
import { rpc, SfuStage } from './sfu-stage.ts';

/** Rooms may be looked at meanwhile, every 15 seconds, where nothing is found. */
const nothing = { applied: 0, looked: expect.any(Number), removed: 0, failed: 0 };

// Each has a stack and an SFU of its own, so they go on side by side.
describe.concurrent('where a test says when', () => {
  const stage = new SfuStage();
  const { rooms } = stage;
  let owner: Person;
  let members: Person[];

  beforeAll(async () => {
    await stage.open({ callsFunctions: false });
    owner = await stage.person();
    members = await Promise.all(Array.from({ length: 6 }, () => stage.person()));
  }, 60_000);
  afterAll(() => stage.close());

  /** A new hall in which this member is connected; where they were before, they are out. */
  async function connected(member: Person) {
    const { communityId, channelId } = await stage.hall(owner, [member]);
    const sessionId = await stage.join(member, channelId);
    const { token } = await stage.token(member, channelId);
    await rooms.connect(token);
    await stage.drain();
    return { communityId, channelId, sessionId };
  }
  const kick = (communityId: string, member: Person) =>
    owner.guildhall.communities.kickMember({ communityId, userId: member.id });
  const deny = (channelId: string, member: Person, permissions: string[]) =>
    rpc(owner.supabase, 'set_channel_overwrite', {
      p_channel_id: channelId,
      p_subject_kind: 'member',
      p_subject_id: member.id,
      p_deny: permissions,
    });
  const sourcesOf = (channelId: string, sessionId: string) => {
    const { canPublish, canPublishSources } =
      rooms.participant(channelId, sessionId)?.permission ?? {};
    return { canPublish, canPublishSources };
  };

  test.sequential('whoever is out is removed, and what was given to them until then revoked', async () => {
    const [member] = members as [Person];
    const { communityId, channelId, sessionId } = await connected(member);
    expect((await stage.drain()).body).toEqual(nothing);
    await kick(communityId, member);
    expect(rooms.participant(channelId, sessionId)).toBeDefined();
    expect(await stage.drain()).toEqual({ status: 200, body: { ...nothing, applied: 1 } });
    expect(rooms.participant(channelId, sessionId)).toBeUndefined();
    expect(Math.abs((rooms.revocations.at(-1) ?? 0) - Date.now() / 1_000)).toBeLessThan(30);
    expect((await stage.drain()).body).toEqual(nothing);
    expect(rooms.asked('RemoveParticipant', sessionId)).toBe(1);
  });

  test.sequential('whoever leaves by themselves, or never came, is removed already', async () => {
    const [member] = members as [Person];
    const { channelId } = await stage.hall(owner, [member]);
    const sessionId = await stage.join(member, channelId);
    await stage.token(member, channelId);
    await rpc(member.supabase, 'leave_voice', { p_channel_id: channelId });
    expect((await stage.drain()).status).toBe(200);
    expect(rooms.asked('RemoveParticipant', sessionId)).toBe(1);
    expect((await stage.drain()).body).toEqual(nothing);
  });

  test.sequential('whoever has no token is nobody to the SFU', async () => {
    const [member] = members as [Person];
    const { channelId } = await stage.hall(owner, [member]);
    await stage.join(member, channelId);
    await rpc(member.supabase, 'leave_voice', { p_channel_id: channelId });
    expect((await stage.drain()).body).toEqual(nothing);
  });

  test.sequential('whoever may speak or stream no longer cannot, and may again', async () => {
    const [member] = members as [Person];
    const { channelId, sessionId } = await connected(member);
    const streams = [TrackSource.CAMERA, TrackSource.SCREEN_SHARE];
    const all = [TrackSource.MICROPHONE, ...streams, TrackSource.SCREEN_SHARE_AUDIO];
    expect(sourcesOf(channelId, sessionId)).toEqual({ canPublish: true, canPublishSources: all });
    for (const { denied, expected } of [
      { denied: ['speak'], expected: { canPublish: true, canPublishSources: streams } },
      { denied: ['speak', 'stream'], expected: { canPublish: false, canPublishSources: [] } },
      { denied: [], expected: { canPublish: true, canPublishSources: all } },
    ]) {
      await deny(channelId, member, denied);
      expect((await stage.drain()).body).toMatchObject({ applied: 1, failed: 0 });
      expect(sourcesOf(channelId, sessionId)).toEqual(expected);
    }
    await rpc(owner.supabase, 'mute_member', {
      p_channel_id: channelId,
      p_user_id: member.id,
      p_is_muted: true,
    });
    expect((await stage.drain()).body).toMatchObject({ applied: 1, failed: 0 });
    expect(sourcesOf(channelId, sessionId).canPublishSources).toEqual(streams);
    expect(rooms.participant(channelId, sessionId)?.permission).toMatchObject({
      canSubscribe: true,
      canPublishData: false,
      canUpdateMetadata: false,
    });
  });

  test.sequential('renewing tells the SFU nothing', async () => {
    const [member] = members as [Person];
    const { channelId } = await connected(member);
    await rpc(member.supabase, 'renew_voice', { p_channel_id: channelId });
    expect((await stage.drain()).body).toEqual(nothing);
  });

  test.sequential('what changes while the SFU is at work on the change before comes after it', async () => {
    const [member] = members as [Person];
    const { channelId, sessionId } = await connected(member);
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      rooms.faults.set(channelId, (response) => {
        rooms.faults.delete(channelId);
        release = () => twirpError(response, 404, 'not_found');
        resolve();
      });
    });
    await deny(channelId, member, ['speak']);
    const first = stage.drain();
    await held;
    await deny(channelId, member, []);
    expect((await stage.drain()).body).toEqual(nothing);
    release?.();
    expect((await first).body).toMatchObject({ applied: 1 });
    expect((await stage.drain()).body).toMatchObject({ applied: 1 });
    expect(sourcesOf(channelId, sessionId).canPublishSources).toHaveLength(4);
    expect(rooms.asked('UpdateParticipant', sessionId)).toBe(2);
  });

  test.sequential('a room that fails holds nobody else up, and is tried again', async ({
    expect,
  }) => {
    const faults: Record<string, Fault> = {
      hangs: () => {},
      breaks: (response) => twirpError(response, 500, 'internal'),
      refuses: (response) => twirpError(response, 401, 'unauthenticated'),
      babbles: (response) => response.writeHead(200).end('<h1>Welcome</h1>'),
      'hangs up': (response) => response.destroy(),
    };
    const halls = await Promise.all(members.map(connected));
    Object.values(faults).forEach((fault, n) => {
      rooms.faults.set(halls[n]!.channelId, fault);
    });
    for (const [n, { communityId }] of halls.entries()) await kick(communityId, members[n]!);
    const logged = stage.log.length;
    const startedAt = performance.now();
    const drained = stage.drain();
    const { channelId, sessionId } = halls.at(-1)!;
    // Long before the one that hangs has used up its time.
    await expect
      .poll(() => rooms.participant(channelId, sessionId), { timeout: 3_000 })
      .toBeUndefined();
    const { status, body } = await drained;
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    expect([status, body]).toEqual([
      503,
      {
        code: 'provider_unavailable',
        message: 'Not everything could be done.',
        ...nothing,
        applied: 1,
        failed: expect.any(Number),
      },
    ]);
    expect(body.failed).toBeGreaterThanOrEqual(5);
    const told = stage.log.slice(logged).filter((line) => line.includes('voice_sfu.remove failed'));
    expect(told.map((line) => line.replace(/^.*failed: /, '')).sort()).toEqual([
      'the SFU answered with something else',
      'the SFU answered with status 401 unauthenticated',
      'the SFU answered with status 500 internal',
      'the SFU could not be reached',
      'the SFU did not answer within 5 seconds',
    ]);

    // Not at once; and when it works again, everything is made up for.
    const { body: soon } = await stage.drain();
    expect(soon).toMatchObject({ applied: 0 });
    rooms.faults.clear();
    await stage.passFailures();
    let applied = 0;
    await expect
      .poll(async () => (applied += (await stage.drain()).body.applied), {
        timeout: 25_000,
        interval: 200,
      })
      .toBe(5);
    for (const { channelId, sessionId } of halls) {
      expect(rooms.participant(channelId, sessionId)).toBeUndefined();
    }
  }, 60_000);

  test.sequential('how it went is recorded, as the server says', async ({ expect }) => {
    await expect
      .poll(
        async () => {
          const rows = await rpc<
            { function: string; source: string; codes: Record<string, number> }[]
          >(stage.server, 'list_call_rates', { p_hours: 1 });
          const row = rows.find((one) => one.function === 'voice_sfu.remove');
          return [row?.source, Object.keys(row?.codes ?? {}).sort()];
        },
        { timeout: 10_000, interval: 500 },
      )
      .toEqual(['server', ['provider_unavailable', 'timeout']]);
  });

  test.sequential('nobody has it work but the database', async () => {
    const { data } = await owner.supabase.auth.getSession();
    for (const headers of [
      {},
      { 'x-guildhall-secret': `${stage.stack.functionsSecret}x` },
      { authorization: `Bearer ${data.session?.access_token}` },
    ] as Record<string, string>[]) {
      const { status, body } = await stage.drain(headers);
      expect([status, body.code]).toEqual([401, 'session_required']);
    }
  });

  test.sequential('nobody but who has the secret key is told what there is to do', async () => {
    for (const [name, args] of [
      ['claim_voice_sfu_changes', {}],
      ['claim_voice_sfu_rooms', {}],
      ['finish_voice_sfu_change', { p_session_id: randomUUID(), p_version: 1 }],
      ['compare_voice_sfu_room', { p_room: randomUUID(), p_participants: [] }],
    ] as const) {
      const { error } = await owner.supabase.rpc(name, args);
      expect([name, error?.code]).toEqual([name, '42501']);
    }
  });

  test.sequential('every request had a bearer for its room, and no log has a secret', () => {
    expect(rooms.requests.length).toBeGreaterThan(10);
    expect(rooms.unauthorized).toEqual([]);
    const log = stage.log.join('\n');
    for (const secret of [stage.apiSecret, stage.stack.functionsSecret, 'a secret in it', 'eyJ']) {
      expect(log).not.toContain(secret);
    }
  });
});

describe.concurrent('by itself', () => {
  const stage = new SfuStage();
  const { rooms } = stage;
  let owner: Person;

  beforeAll(async () => {
    await stage.open({ callsFunctions: true });
    owner = await stage.person();
  }, 60_000);
  afterAll(() => stage.close());

  /** A hall of its own, in which somebody new has a session and a token for the SFU. */
  async function seated() {
    const member = await stage.person();
    const { communityId, channelId } = await stage.hall(owner, [member]);
    const sessionId = await stage.join(member, channelId);
    const { token } = await stage.token(member, channelId);
    return { member, communityId, channelId, sessionId, token };
  }
  /** Waits until it is so, seconds at most. */
  const until = (isSo: () => boolean, seconds: number) =>
    vi.waitUntil(isSo, { timeout: seconds * 1_000, interval: 200 });
  const gone = (channelId: string, sessionId: string, seconds: number) =>
    until(() => rooms.participant(channelId, sessionId) === undefined, seconds);
  /** The next look into this room, which the database sees to when it is due. */
  async function look(channelId: string) {
    const looks = rooms.looks(channelId);
    await stage.passLook(channelId);
    await until(() => rooms.looks(channelId) > looks, 25);
  }

  test('whoever comes back with what the SFU gave them is out again, however often', async () => {
    const { member, communityId, channelId, sessionId, token } = await seated();
    let held = await rooms.connect(token);
    await owner.guildhall.communities.kickMember({ communityId, userId: member.id });
    await gone(channelId, sessionId, 12);
    for (const _ of [1, 2]) {
      // Its own token is good for five minutes, the one it got for ten from now on: each visit brings another.
      held = await rooms.connect(held);
      await stage.passLook(channelId);
      await gone(channelId, sessionId, 25);
    }
  }, 120_000);

  test('whoever has no session, by whatever token, is out in the time that the clock takes, but for a recorder of the operator’s', async () => {
    const { channelId } = await seated();
    const recorder = randomUUID();
    const somebody = randomUUID();
    for (const [identity, kind] of [
      [recorder, 2],
      [somebody, 0],
    ] as const) {
      const other = new AccessToken(stage.apiKey, stage.apiSecret, { identity });
      other.addGrant({ roomJoin: true, room: channelId });
      await rooms.connect(await other.toJwt(), kind);
    }
    await gone(channelId, somebody, 25);
    expect(rooms.participant(channelId, recorder)).toBeDefined();
  }, 120_000);

  test('whoever may not speak and sends sound as a picture is out', async () => {
    const muted = await stage.person();
    const { channelId } = await stage.hall(owner, [muted]);
    await rpc(owner.supabase, 'mute_member', {
      p_channel_id: channelId,
      p_user_id: muted.id,
      p_is_muted: true,
    });
    const sessionId = await stage.join(muted, channelId);
    await rooms.connect((await stage.token(muted, channelId)).token);
    for (const source of [TrackSource.MICROPHONE, TrackSource.SCREEN_SHARE_AUDIO]) {
      expect(() => rooms.publish(channelId, sessionId, TrackType.AUDIO, source)).toThrow();
    }
    rooms.publish(channelId, sessionId, TrackType.VIDEO, TrackSource.SCREEN_SHARE);
    for (const _ of [1, 2]) await look(channelId);
    expect(rooms.participant(channelId, sessionId)).toBeDefined();
    rooms.publish(channelId, sessionId, TrackType.AUDIO, TrackSource.CAMERA);
    await rpc(muted.supabase, 'renew_voice', { p_channel_id: channelId });
    await stage.passLook(channelId);
    await gone(channelId, sessionId, 25);
  }, 120_000);

  test('whoever comes back with a token that says more may not more than now', async () => {
    const { member: speaker, channelId, sessionId, token } = await seated();
    await rooms.connect(token);
    await rpc(owner.supabase, 'set_channel_overwrite', {
      p_channel_id: channelId,
      p_subject_kind: 'member',
      p_subject_id: speaker.id,
      p_deny: ['speak', 'stream'],
    });
    const may = () => rooms.participant(channelId, sessionId)?.permission?.canPublish;
    await until(() => may() === false, 12);
    rooms.disconnect(channelId, sessionId);
    await rooms.connect(token);
    expect(may()).toBe(true);
    await rpc(speaker.supabase, 'renew_voice', { p_channel_id: channelId });
    await stage.passLook(channelId);
    await until(() => may() === false, 30);
  }, 90_000);

  test('whoever dies is out of the SFU when their session has expired', async () => {
    const { channelId, sessionId, token } = await seated();
    await rooms.connect(token);
    // Its process is up now: what follows takes less than the rest of the lease.
    await stage.drain();
    await stage.passLease(sessionId, 20);
    const looks = rooms.looks(channelId);
    await stage.passLook(channelId);
    await stage.drain();
    expect(rooms.looks(channelId)).toBeGreaterThan(looks);
    expect(rooms.participant(channelId, sessionId)).toBeDefined();
    await stage.passLease(sessionId, 25);
    await gone(channelId, sessionId, 40);
  }, 120_000);
});
