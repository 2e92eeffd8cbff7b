import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import type { Channel, Community } from '../../../sdk/src/generated/rows.ts';
import { signedToken } from '../../../sdk/src/testing/access-tokens.ts';
import { newCommunity, newPerson, type Person } from '../../../sdk/src/testing/stack-people.ts';
import { type Coturn, startCoturn } from './coturn.ts';
import { type IceFunction, startIceFunction } from './ice-function.ts';
import { cloudflareAnswer, plain, startProviderServer } from './provider-server.ts';
import { type TurnCredentials, tryTurn } from './turn-client.ts';

// voice-ice against the running stack, and coturn with what it hands out.

let coturn: Coturn;
let ice: IceFunction;
let owner: Person;
let member: Person;
let community: Community;
let text: Channel;
let voice: Channel;

const backend = () => inject('stack');

beforeAll(async () => {
  coturn = await startCoturn();
  ice = startIceFunction(backend(), {
    GUILDHALL_ICE_PROVIDER: 'coturn',
    GUILDHALL_STUN_URLS: coturn.stunUrl,
    GUILDHALL_TURN_URLS: coturn.turnUrls.join(','),
    GUILDHALL_TURN_SECRET: coturn.secret,
  });
  [owner, member] = await Promise.all([newPerson(), newPerson()]);
  ({ community, channel: text } = await newCommunity(owner, [member]));
  voice = await newVoiceChannel();
});

afterAll(async () => {
  await ice?.close();
  await coturn?.close();
});

const newVoiceChannel = () =>
  owner.guildhall.communities.createChannel({
    communityId: community.id,
    name: 'lounge',
    kind: 'voice',
  });

async function tokenOf(person: Person): Promise<string> {
  const { data } = await person.supabase.auth.getSession();
  if (data.session === null) throw new Error('not signed in');
  return data.session.access_token;
}

async function newMember(): Promise<Person> {
  const person = await newPerson();
  const communityId = community.id;
  const { code } = await owner.guildhall.communities.createInvite({ communityId });
  await person.guildhall.communities.redeemInvite({ code });
  return person;
}

async function askAs(person: Person, ids: object = {}, of: IceFunction = ice) {
  const body = { communityId: community.id, channelId: voice.id, ...ids };
  return of.ask({ token: await tokenOf(person), body });
}

const outcome = async (...args: Parameters<typeof askAs>) => {
  const { status, json } = await askAs(...args);
  return [status, (json as { code?: string }).code];
};

interface Servers {
  readonly iceServers: readonly ({ readonly urls: readonly string[] } & Partial<TurnCredentials>)[];
  readonly expiresAt: string;
  readonly provider: string;
  readonly degraded: boolean;
}

async function credentialsOf(person: Person): Promise<TurnCredentials & Servers> {
  const { status, json } = await askAs(person);
  expect(status).toBe(200);
  const servers = json as Servers;
  const turn = servers.iceServers.find(({ username }) => username !== undefined);
  if (turn?.username === undefined || turn.credential === undefined) throw new Error('no TURN');
  return { ...servers, username: turn.username, credential: turn.credential };
}

const signed = (username: string, secret = coturn.secret): TurnCredentials => ({
  username,
  credential: createHmac('sha1', secret).update(username).digest('base64'),
});
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe.concurrent('coturn', () => {
  test.sequential.each(['udp', 'tcp'] as const)(
    'relays over %s with what a member was given',
    async (transport) => {
      const given = await credentialsOf(member);
      expect(given).toMatchObject({ provider: 'coturn', degraded: false });
      expect(given.iceServers).toEqual([
        { urls: [coturn.stunUrl] },
        { urls: coturn.turnUrls, username: given.username, credential: given.credential },
      ]);
      const [expiry, whose] = given.username.split(':');
      expect(whose).toBe(member.id);
      expect(Number(expiry) * 1000).toBe(Date.parse(given.expiresAt));
      expect(Number(expiry)).toBeLessThanOrEqual(inSeconds(600));
      expect(Number(expiry)).toBeGreaterThan(inSeconds(580));
      expect(await tryTurn(coturn, given, transport)).toBe('relayed');
    },
  );

  test.sequential('refuses what is over', async () => {
    expect(await tryTurn(coturn, signed(`${inSeconds(-5)}:${member.id}`))).toBe('refused');
    // The same name and secret, for later: it was the time that was refused.
    expect(await tryTurn(coturn, signed(`${inSeconds(60)}:${member.id}`))).toBe('relayed');
  });

  test.sequential('refuses what is forged, and a name or a time that somebody changed', async () => {
    const mine = await credentialsOf(member);
    const theirs = await credentialsOf(owner);
    const [expiry] = mine.username.split(':');
    const forged = [
      signed(mine.username, randomBytes(32).toString('hex')),
      signed(mine.username, ''),
      { username: theirs.username, credential: mine.credential },
      { username: `${expiry}:${owner.id}`, credential: mine.credential },
      { username: `${Number(expiry) + 3600}:${member.id}`, credential: mine.credential },
      { username: member.id, credential: mine.credential },
    ];
    for (const credentials of forged) {
      expect([credentials.username, await tryTurn(coturn, credentials)]).toEqual([
        credentials.username,
        'refused',
      ]);
    }
  });
});

describe.concurrent('no server for', () => {
  const body = () => ({ communityId: community.id, channelId: voice.id });

  test.sequential('whoever has no session, or one that is forged or over', async () => {
    const claims = { sub: member.id, session_id: randomUUID() };
    const tokens = [
      null,
      backend().publishableKey,
      signedToken(claims, randomBytes(32).toString('hex')),
      signedToken({ ...claims, exp: inSeconds(-60) }),
      `${(await tokenOf(member)).slice(0, -4)}AAAA`,
    ];
    for (const token of tokens) {
      const { status, json } = await ice.ask({ token, body: body() });
      expect([status, json]).toMatchObject([401, { code: 'session_required' }]);
    }
  });

  test.sequential('a stranger, and what they cannot see looks like what is not there', async () => {
    const stranger = await newPerson();
    const there = await askAs(stranger);
    const nowhere = await askAs(stranger, { channelId: randomUUID() });
    expect([there.status, there.json]).toMatchObject([404, { code: 'not_found' }]);
    const words = ({ json }: { json: unknown }) => (json as { message: string }).message;
    expect([nowhere.status, words(nowhere)]).toEqual([404, words(there)]);
  });

  test.sequential('a member who may not connect, and for the same one again when they may', async () => {
    const person = await newMember();
    expect(await outcome(person)).toEqual([200, undefined]);
    const subject = { channelId: voice.id, subjectKind: 'member', subjectId: person.id };
    await owner.guildhall.communities.setChannelOverwrite({ ...subject, deny: ['connect'] });
    expect(await outcome(person)).toEqual([403, 'missing_permission']);
    await owner.guildhall.communities.setChannelOverwrite({ ...subject, deny: ['view_channel'] });
    expect(await outcome(person)).toEqual([404, 'not_found']);
    await owner.guildhall.communities.clearChannelOverwrite(subject);
    expect(await outcome(person)).toEqual([200, undefined]);
  });

  test.sequential('who is timed out', async () => {
    const person = await newMember();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const subject = { communityId: community.id, userId: person.id };
    await owner.guildhall.communities.timeoutMember({ ...subject, until });
    expect(await outcome(person)).toEqual([403, 'timed_out']);
    await owner.guildhall.communities.timeoutMember({ ...subject, until: null });
    expect(await outcome(person)).toEqual([200, undefined]);
  });

  test.sequential('who was thrown out, from that moment on', async () => {
    const person = await newMember();
    expect(await outcome(person)).toEqual([200, undefined]);
    const communityId = community.id;
    await owner.guildhall.communities.kickMember({ communityId, userId: person.id });
    expect(await outcome(person)).toEqual([404, 'not_found']);
  });

  test.sequential('a text channel', async () => {
    expect(await outcome(member, { channelId: text.id })).toEqual([422, 'invalid_argument']);
  });

  test.sequential('a channel of another community, also where one is a member of both', async () => {
    const other = await newCommunity(owner, [member]);
    const ids = { communityId: other.community.id };
    expect(await outcome(member, ids)).toEqual([404, 'not_found']);
  });

  test.sequential('a channel that is deleted', async () => {
    const { id } = await newVoiceChannel();
    expect(await outcome(member, { channelId: id })).toEqual([200, undefined]);
    await owner.guildhall.communities.deleteChannel({ channelId: id });
    expect(await outcome(member, { channelId: id })).toEqual([404, 'not_found']);
  });

  test.sequential('who comes to a full room, and for whoever is in it', async () => {
    const { id: channelId } = await newVoiceChannel();
    await owner.guildhall.voice.updateChannel({ channelId, maxParticipants: 1 });
    expect(await outcome(member, { channelId })).toEqual([200, undefined]);
    await member.guildhall.voice.openSession({ channelId });
    const late = await newMember();
    expect(await outcome(late, { channelId })).toEqual([409, 'limit_reached']);
    expect(await outcome(member, { channelId })).toEqual([200, undefined]);
    await member.guildhall.voice.closeSession({ channelId });
    expect(await outcome(late, { channelId })).toEqual([200, undefined]);
  });

  test.sequential('who asks all the time, and says when to come again', async () => {
    const eager = await newMember();
    const ids = { communityId: community.id, channelId: voice.id };
    let isLimited = false;
    for (let call = 0; call < 200 && !isLimited; call += 1) {
      await eager.guildhall.voice.authorize(ids).catch((error) => {
        expect(error).toMatchObject({ code: 'rate_limited' });
        isLimited = true;
      });
    }
    const { status, json, headers } = await askAs(eager);
    expect([status, json]).toMatchObject([429, { code: 'rate_limited' }]);
    const { retry_after: retryAfter } = json as { retry_after: number };
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(600);
    expect(headers.get('retry-after')).toBe(String(retryAfter));
    // It is theirs alone.
    expect(await outcome(member)).toEqual([200, undefined]);
  });
});

describe.concurrent('telemetry', () => {
  /** What the database has counted of these, as the operator sees it. */
  async function counted(name: string) {
    const { apiUrl, secretKey } = backend();
    const operator = createClient(apiUrl, secretKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      // Node 20 has no WebSocket of its own.
      realtime: { transport: WebSocket as never },
    });
    const { data, error } = await operator
      .rpc('list_call_rates')
      .eq('function', name)
      .eq('source', 'server');
    if (error !== null) throw error;
    const [rate] = data as { calls: number; codes: Record<string, number>; faults: number }[];
    return rate ?? { calls: 0, codes: {}, faults: 0 };
  }

  test.sequential('what a provider fails at is counted, and so is who was refused', async () => {
    const provider = await startProviderServer(cloudflareAnswer, 201);
    const failing = startIceFunction(backend(), {
      GUILDHALL_ICE_PROVIDER: 'cloudflare',
      GUILDHALL_STUN_URLS: coturn.stunUrl,
      GUILDHALL_CLOUDFLARE_URL: provider.url,
      GUILDHALL_CLOUDFLARE_TURN_KEY_ID: randomBytes(16).toString('hex'),
      GUILDHALL_CLOUDFLARE_TURN_API_TOKEN: randomBytes(32).toString('hex'),
    });
    const [issued, provided] = [
      await counted('voice_ice.issue'),
      await counted('voice_ice.provider'),
    ];
    const of = (rate: { codes: Record<string, number> }, code: string) => rate.codes[code] ?? 0;

    const person = await newMember();
    const healthy = await askAs(person, {}, failing);
    expect(healthy.json).toMatchObject({ provider: 'cloudflare', degraded: false });
    provider.answerWith(plain(500, 'words'));
    const degraded = {
      iceServers: [{ urls: [coturn.stunUrl] }],
      expiresAt: expect.any(String),
      provider: 'stun',
      degraded: true,
    };
    expect((await askAs(person, {}, failing)).json).toEqual(degraded);
    provider.answerWith(() => {});
    expect((await askAs(person, {}, failing)).json).toEqual(degraded);
    expect(await outcome(person, { channelId: text.id }, failing)).toEqual([
      422,
      'invalid_argument',
    ]);

    const codes = async () => {
      const [nowIssued, nowProvided] = [
        await counted('voice_ice.issue'),
        await counted('voice_ice.provider'),
      ];
      return {
        broken: of(nowProvided, 'provider_unavailable') - of(provided, 'provider_unavailable'),
        late: of(nowProvided, 'timeout') - of(provided, 'timeout'),
        provided: nowProvided.calls - provided.calls >= 3,
        issued: nowIssued.calls - issued.calls >= 4,
        refused: of(nowIssued, 'invalid_argument') > of(issued, 'invalid_argument'),
      };
    };
    const all = { broken: 1, late: 1, provided: true, issued: true, refused: true };
    for (let attempt = 0; attempt < 50; attempt += 1) {
      if (JSON.stringify(await codes()) === JSON.stringify(all)) break;
      await delay(100);
    }
    expect(await codes()).toEqual(all);
    await failing.close();
    await provider.close();
  });
});

test('the stack lets a page in that brings a bearer and no key, and nobody else', async () => {
  const { functionsUrl } = backend();
  const body = JSON.stringify({ communityId: community.id, channelId: voice.id });
  const url = `${functionsUrl}/voice-ice`;
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: { origin: 'https://any.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');

  const authorization = `Bearer ${await tokenOf(member)}`;
  const given = await fetch(url, { method: 'POST', headers: { authorization }, body });
  expect(given.status).toBe(200);
  expect(await given.json()).toMatchObject({ provider: 'stun', expiresAt: expect.any(String) });
  const refused = await fetch(url, { method: 'POST', body });
  expect(refused.status).toBe(401);
});
