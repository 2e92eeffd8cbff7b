import { randomUUID } from 'node:crypto';
import { TokenVerifier } from 'livekit-server-sdk';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import type { Person } from '../../../sdk/src/testing/stack-people.ts';
import { createEdgeFunctions } from '../../local/edge-functions.ts';
import { rpc, SfuStage } from './sfu-stage.ts';

const stage = new SfuStage();
let owner: Person;
let member: Person;
let stranger: Person;
let channelId: string;
let communityId: string;

beforeAll(async () => {
  await stage.open({ callsFunctions: false });
  [owner, member, stranger] = await Promise.all([stage.person(), stage.person(), stage.person()]);
  ({ communityId, channelId } = await stage.hall(owner, [member]));
}, 60_000);
afterAll(() => stage.close());

const deny = (permissions: string[]) =>
  rpc(owner.supabase, 'set_channel_overwrite', {
    p_channel_id: channelId,
    p_subject_kind: 'member',
    p_subject_id: member.id,
    p_deny: permissions,
  });
const verify = (token: string) => new TokenVerifier(stage.apiKey, stage.apiSecret).verify(token);

test.each([
  {
    can_speak: true,
    can_stream: true,
    sources: ['microphone', 'camera', 'screen_share', 'screen_share_audio'],
  },
  { can_speak: true, can_stream: false, sources: ['microphone'] },
  { can_speak: false, can_stream: true, sources: ['camera', 'screen_share'] },
  { can_speak: false, can_stream: false, sources: [] },
])(
  'the token of who speaks: $can_speak, streams: $can_stream',
  async ({ can_speak, can_stream, sources }) => {
    await deny([...(can_speak ? [] : ['speak']), ...(can_stream ? [] : ['stream'])]);
    const sessionId = await stage.join(member, channelId);
    const before = Math.floor(Date.now() / 1_000);
    const { token, url, room, expiresAt } = await stage.token(member, channelId);
    expect([url, room]).toEqual([stage.rooms.url, channelId]);

    const claims = (await verify(token)) as unknown as { nbf: number; exp: number };
    expect(claims).toEqual({
      iss: stage.apiKey,
      sub: sessionId,
      nbf: expect.any(Number),
      exp: expect.any(Number),
      video: {
        roomJoin: true,
        room: channelId,
        canSubscribe: true,
        canPublish: can_speak || can_stream,
        canPublishSources: sources,
        canPublishData: false,
        canUpdateOwnMetadata: false,
      },
    });
    expect(claims.nbf).toBeGreaterThanOrEqual(before);
    expect(claims.exp - claims.nbf).toBeLessThanOrEqual(301);
    expect(claims.exp - claims.nbf).toBeGreaterThanOrEqual(299);
    expect(Math.abs(Date.parse(expiresAt) / 1_000 - claims.exp)).toBeLessThanOrEqual(1);
    // Nobody learns from the SFU who somebody is.
    const whole = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    expect(whole).not.toContain(member.id);
  },
);

test('a token ends, and one signed by somebody else is none', async () => {
  await deny([]);
  await stage.join(member, channelId);
  const { token } = await stage.token(member, channelId);
  await expect(verify(token)).resolves.toBeDefined();
  await expect(new TokenVerifier(stage.apiKey, randomUUID()).verify(token)).rejects.toThrow();
  await expect(new TokenVerifier('another', stage.apiSecret).verify(token)).rejects.toThrow();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 311_000 });
  try {
    await expect(verify(token)).rejects.toThrow(/exp/);
  } finally {
    vi.useRealTimers();
  }
});

test('each of two devices has a token of its own', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const sessions = [
    await stage.join(member, channelId, one),
    await stage.join(member, channelId, other),
  ];
  const subjects = await Promise.all(
    [one, other].map(async (device) => {
      const { token } = await stage.token(member, channelId, device);
      return ((await verify(token)) as unknown as { sub: string }).sub;
    }),
  );
  expect(subjects).toEqual(sessions);
  expect(new Set(subjects).size).toBe(2);
});

test('who may not connect has no token, and hears in the words of the database why', async () => {
  const refusals: Record<string, unknown> = {};
  const expectRefusal = async (
    what: string,
    asked: ReturnType<typeof stage.ask>,
    status: number,
    code: string,
  ) => {
    const { response, body } = await asked;
    refusals[what] = [response.status, body.code];
    expect({ what, status: response.status, code: body.code }).toEqual({ what, status, code });
    expect(Object.keys(body).sort()).toEqual(
      [...(status === 429 ? ['retry_after'] : []), 'code', 'message', 'request_id'].sort(),
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  };
  await deny([]);
  await stage.join(member, channelId);
  const body = { channelId };
  await expectRefusal('nobody', stage.ask(null, body), 401, 'session_required');
  const forged = { authorization: 'Bearer aaaa.bbbb.cccc' };
  await expectRefusal('forged', stage.ask(null, body, forged), 401, 'session_required');
  await expectRefusal('stranger', stage.ask(stranger, body), 404, 'not_found');
  await expectRefusal('no such', stage.ask(member, { channelId: randomUUID() }), 404, 'not_found');
  await expectRefusal('no id', stage.ask(member, { channelId: 'hall' }), 422, 'invalid_argument');
  await expectRefusal('no channel', stage.ask(member, {}), 422, 'invalid_argument');
  const more = { channelId, userId: owner.id };
  await expectRefusal('more', stage.ask(member, more), 422, 'invalid_argument');
  const long = { channelId: 'x'.repeat(70_000) };
  await expectRefusal('long', stage.ask(member, long), 413, 'payload_too_large');
  await expectRefusal('not joined', stage.ask(owner, body), 410, 'expired');
  const elsewhere = { channelId, deviceId: randomUUID() };
  await expectRefusal('another device', stage.ask(member, elsewhere), 410, 'expired');

  const small = await owner.guildhall.communities.createChannel({
    communityId: communityId,
    name: 'booth',
    kind: 'voice',
  });
  await expectRefusal('mesh', stage.ask(owner, { channelId: small.id }), 409, 'conflict');
  await deny(['connect']);
  await expectRefusal('no right', stage.ask(member, body), 403, 'missing_permission');
  await deny([]);
  await expectRefusal('out by that', stage.ask(member, body), 410, 'expired');
  await stage.join(member, channelId);
  expect((await stage.ask(member, body)).status).toBe(200);
});

test('a page may ask from anywhere, and only to post', async () => {
  const address = `${stage.stack.functionsUrl}/voice-token`;
  const preflight = await fetch(address, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    '*',
  ]);
  const read = await fetch(address);
  expect([read.status, (await read.json()).code]).toEqual([405, 'method_not_allowed']);
});

test('where the SFU is not set up there is no token, and the log names what is missing', async () => {
  const log: string[] = [];
  const { publishableKey, secretKey } = inject('stack');
  const functions = createEdgeFunctions({
    apiUrl: stage.stack.apiUrl,
    publishableKey,
    secretKey,
    functionsSecret: 'a-functions-secret',
    secrets: { LIVEKIT_URL: stage.rooms.url, LIVEKIT_API_KEY: '' },
    log: (line) => log.push(line),
  });
  try {
    const { data } = await member.supabase.auth.getSession();
    const asked = await functions.handle(
      'voice-token',
      new Request('http://127.0.0.1/functions/v1/voice-token', {
        method: 'POST',
        headers: { authorization: `Bearer ${data.session?.access_token}` },
        body: JSON.stringify({ channelId }),
      }),
    );
    const drained = await functions.handle(
      'voice-sfu',
      new Request('http://127.0.0.1/functions/v1/voice-sfu', {
        method: 'POST',
        headers: { 'x-guildhall-secret': 'a-functions-secret' },
      }),
    );
    for (const response of [asked, drained]) {
      expect(response.status).toBe(503);
      expect(await response.json()).toHaveProperty('code', 'provider_unavailable');
    }
    const complaint = 'not set: LIVEKIT_API_KEY, LIVEKIT_API_SECRET';
    expect(log.filter((line) => line.endsWith(complaint))).toHaveLength(2);
  } finally {
    await functions.close();
  }
});

test('no secret and no token is in a log', () => {
  const log = stage.log.join('\n');
  expect(log).toContain('voice_token');
  expect(log).not.toContain(stage.apiSecret);
  expect(log).not.toContain(stage.stack.functionsSecret);
  expect(log).not.toMatch(/eyJ/);
});
