import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { newCommunity, newPerson, type Person } from '../../../sdk/src/testing/stack-people.ts';
import { generateKeys } from '../../local/keys.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { launchChromium } from '../chromium.ts';
import type { PlainConnection, PlainSnapshot } from './call-page.ts';
import { type Coturn, startCoturn } from './coturn.ts';
import { serveCallPage } from './serve-call-page.ts';

// Voice as people use it: real browsers with a microphone that beeps, the SDK, the database, the Edge Function `voice-ice`, and a TURN
// server through which every packet has to go.

let coturn: Coturn;
let stack: Stack;
let browser: Browser;
let pages: { origin: string; close(): Promise<void> };
let publishableKey: string;
/** What only the server knows. */
let secrets: string[];

/** The beep is about 0.3 at its loudest; what is not sent, or not let through, is 0. */
const AUDIBLE = 0.01;

beforeAll(async () => {
  coturn = await startCoturn();
  // The keys of the stack that all tests share, so that its people may be made by the same means.
  const { publishableKey: key, secretKey, jwtSecret } = inject('stack');
  const keys = { ...(await generateKeys()), publishableKey: key, secretKey, jwtSecret };
  publishableKey = key;
  secrets = [secretKey, jwtSecret, coturn.secret];
  [stack, browser, pages] = await Promise.all([
    startStack({
      keys,
      port: 0,
      functionVariables: {
        GUILDHALL_ICE_PROVIDER: 'coturn',
        GUILDHALL_TURN_URLS: coturn.turnUrls.join(','),
        GUILDHALL_STUN_URLS: coturn.stunUrl,
        GUILDHALL_TURN_SECRET: coturn.secret,
        // The shortest of which a call renews half before it ends.
        GUILDHALL_ICE_TTL_SECONDS: '120',
      },
      log: (line) => {
        if (process.env.GUILDHALL_LOG !== undefined) console.log(line);
      },
    }),
    launchChromium([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      // The TURN server is on this machine, which a browser would leave out otherwise.
      '--allow-loopback-in-peer-connection',
    ]),
    serveCallPage(),
  ]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await stack?.close();
  await coturn?.close();
});

interface Window {
  readonly page: Page;
  readonly person: Person;
}

/** A browser window of their own, in which this person has signed in. */
async function openWindow(person: Person): Promise<Window> {
  const context = await browser.newContext();
  const page = await context.newPage();
  onTestFinished(() => context.close());
  page.on('pageerror', (error) => console.error(error));
  await page.goto(pages.origin);
  const { data } = await person.supabase.auth.getSession();
  await page.evaluate((session) => window.callPage.signIn(session), {
    apiUrl: stack.apiUrl,
    publishableKey,
    accessToken: data.session?.access_token ?? '',
    refreshToken: data.session?.refresh_token ?? '',
  });
  return { page, person };
}

/** An owner with a voice channel, and two members. */
async function newRoom() {
  const [owner, ben, cem] = await Promise.all([
    newPerson(stack.apiUrl),
    newPerson(stack.apiUrl),
    newPerson(stack.apiUrl),
  ]);
  const { community } = await newCommunity(owner, [ben, cem]);
  const { id: channelId } = await owner.guildhall.communities.createChannel({
    communityId: community.id,
    name: 'lounge',
    kind: 'voice',
  });
  return { owner, ben, cem, communityId: community.id, channelId };
}

const join = ({ page }: Window, channelId: string, speaks = true) =>
  page.evaluate((options) => window.callPage.join(options), { channelId, speaks });

const snapshot = ({ page }: Window): Promise<PlainSnapshot | null> =>
  page.evaluate(() => window.callPage.snapshot());

const connections = ({ page }: Window): Promise<PlainConnection[]> =>
  page.evaluate(() => window.callPage.connections());

/** How loud this person is there, over two and a half beeps. */
async function loudness({ page }: Window, { id }: Person): Promise<number> {
  const levels = await page.evaluate(() => window.callPage.listen(2_500));
  return levels[id]?.loudest ?? 0;
}

/** How loud this person is there when they are first heard, in two and a half beeps at most. */
async function firstHeard({ page }: Window, { id }: Person): Promise<number> {
  const levels = await page.evaluate(
    ({ userId, level }) => window.callPage.listen(2_500, { userId, level }),
    { userId: id, level: AUDIBLE },
  );
  return levels[id]?.loudest ?? 0;
}

const others = async (window: Window) =>
  (await snapshot(window))?.participants
    .filter(({ connection }) => connection !== 'self')
    .map(({ userId }) => userId);

const isConnectedTo = (window: Window, ...people: Person[]) =>
  expect
    .poll(
      async () =>
        (await snapshot(window))?.participants
          .filter(({ connection }) => connection === 'connected')
          .map(({ userId }) => userId)
          .sort(),
      { timeout: 20_000 },
    )
    .toEqual(people.map(({ id }) => id).sort());

/** Two people in the channel who are connected. */
async function call() {
  const room = await newRoom();
  const [owners, bens] = await Promise.all([openWindow(room.owner), openWindow(room.ben)]);
  expect(await join(owners, room.channelId)).toBeNull();
  expect(await join(bens, room.channelId)).toBeNull();
  await Promise.all([isConnectedTo(owners, room.ben), isConnectedTo(bens, room.owner)]);
  return { ...room, owners, bens };
}

test('what a page loads has no secret in it, nor has what it is answered', async () => {
  const { owner, communityId, channelId } = await newRoom();
  const script = await (await fetch(`${pages.origin}/call-page.js`)).text();
  expect(script).toContain('voice-ice');
  const { data } = await owner.supabase.functions.invoke('voice-ice', {
    body: { communityId, channelId },
  });
  expect(data.provider).toBe('coturn');
  for (const secret of [...secrets, stack.functionsSecret]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(script + JSON.stringify(data)).not.toContain(secret);
  }
});

describe('two people in a voice channel', { timeout: 90_000 }, () => {
  test('hear each other, and every packet goes through the TURN server', async () => {
    const { owner, ben, owners, bens } = await call();
    const [before] = await connections(owners);
    expect(await Promise.all([loudness(owners, ben), loudness(bens, owner)])).toEqual([
      expect.toSatisfy((level: number) => level > AUDIBLE),
      expect.toSatisfy((level: number) => level > AUDIBLE),
    ]);
    for (const window of [owners, bens]) {
      const [connection, ...more] = await connections(window);
      expect(more).toEqual([]);
      expect(connection).toMatchObject({ localType: 'relay', remoteType: 'relay' });
      expect(coturn.turnUrls).toContain(connection?.url);
      expect(connection?.audioBytes).toBeGreaterThan(1_000);
      expect(await snapshot(window)).toMatchObject({
        status: 'connected',
        iceProvider: 'coturn',
        degraded: false,
      });
    }
    const [after] = await connections(owners);
    expect(after?.energy).toBeGreaterThan(before?.energy ?? Number.NaN);
  });

  test('one switches microphones, which the other hears, and nothing is negotiated for it', async () => {
    const { ben, owners, bens } = await call();
    const before = await bens.page.evaluate(() => window.callPage.made());
    // Beeps have silence between them.
    const beeps = await owners.page.evaluate(() => window.callPage.listen(2_500));
    expect(beeps[ben.id]?.softest).toBeLessThan(AUDIBLE);
    await bens.page.evaluate(() => window.callPage.switchToTone());
    await expect
      .poll(
        async () => {
          const tone = await owners.page.evaluate(() => window.callPage.listen(1_500));
          return tone[ben.id]?.softest;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(AUDIBLE);
    expect(await bens.page.evaluate(() => window.callPage.made())).toEqual(before);
  });

  test('one shows a picture over the same connection, and takes it away again', async () => {
    const { owners, bens } = await call();
    expect((await snapshot(owners))?.participants.map(({ hasVideo }) => hasVideo)).toEqual([
      false,
      false,
    ]);
    await bens.page.evaluate(() => window.callPage.showCamera());
    const hasVideo = async () =>
      (await snapshot(owners))?.participants.filter((one) => one.hasVideo).length;
    await expect.poll(hasVideo, { timeout: 15_000 }).toBe(1);
    await expect
      .poll(async () => (await connections(owners))[0]?.framesDecoded, { timeout: 15_000 })
      .toBeGreaterThan(5);
    await bens.page.evaluate(() => window.callPage.hideCamera());
    await expect.poll(hasVideo, { timeout: 15_000 }).toBe(0);
    expect((await owners.page.evaluate(() => window.callPage.made())).connections).toBe(1);
  });

  test('who mutes themselves is not heard, and shown as muted; who is deaf hears nobody', async () => {
    const { owner, ben, owners, bens } = await call();
    expect(await firstHeard(owners, ben)).toBeGreaterThan(AUDIBLE);
    await bens.page.evaluate(() => window.callPage.setMuted(true));
    await expect
      .poll(
        async () =>
          (await snapshot(owners))?.participants.find(({ userId }) => userId === ben.id)
            ?.isSelfMuted,
        { timeout: 10_000 },
      )
      .toBe(true);
    await owners.page.waitForTimeout(500);
    expect(await loudness(owners, ben)).toBeLessThan(0.001);
    expect(await firstHeard(bens, owner)).toBeGreaterThan(AUDIBLE);
    await bens.page.evaluate(() => window.callPage.setMuted(false));
    await bens.page.evaluate(() => window.callPage.setDeafened(true));
    expect(await loudness(bens, owner)).toBe(0);
    expect(await firstHeard(owners, ben)).toBeGreaterThan(AUDIBLE);
  });
});

describe('what the server decides', { timeout: 90_000 }, () => {
  test('who may not connect is refused, and no connection is ever made for them', async () => {
    const { owner, ben, cem, owners, channelId, communityId } = await call();
    await owner.guildhall.communities.setChannelOverwrite({
      channelId,
      subjectKind: 'member',
      subjectId: cem.id,
      deny: ['connect'],
    });
    const cems = await openWindow(cem);
    expect(await join(cems, channelId)).toMatch(/^(missing_permission|not_found)$/);
    expect(await cems.page.evaluate(() => window.callPage.made())).toEqual({
      connections: 0,
      agreements: 0,
    });
    expect(await snapshot(cems)).toBeNull();
    expect(await others(owners)).toEqual([ben.id]);
    // Nor does asking without the SDK bring a server.
    const { data } = await cem.supabase.auth.getSession();
    const answer = await fetch(`${stack.functionsUrl}/voice-ice`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${data.session?.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ communityId, channelId }),
    });
    expect([403, 404]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/turns?:|stuns?:/);
  });

  test('who is muted by a moderator is not heard any more, until that ends', async () => {
    const { owner, ben, owners, bens, channelId } = await call();
    expect(await firstHeard(owners, ben)).toBeGreaterThan(AUDIBLE);
    await owner.guildhall.voice.muteMember({ channelId, userId: ben.id, isMuted: true });
    const bensTrack = async () =>
      (await snapshot(owners))?.participants.find(({ userId }) => userId === ben.id);
    await expect
      .poll(bensTrack, { timeout: 10_000 })
      .toMatchObject({ isMuted: true, hasAudio: false });
    expect(await loudness(owners, ben)).toBe(0);
    expect(await firstHeard(bens, owner)).toBeGreaterThan(AUDIBLE);
    await expect
      .poll(async () => await snapshot(bens), { timeout: 10_000 })
      .toMatchObject({ isMuted: true, canSpeak: false });
    await owner.guildhall.voice.muteMember({ channelId, userId: ben.id, isMuted: false });
    await expect.poll(bensTrack, { timeout: 10_000 }).toMatchObject({ hasAudio: true });
    expect(await firstHeard(owners, ben)).toBeGreaterThan(AUDIBLE);
  });

  test('who is kicked is gone from the roster, the connection is closed, and their call has ended', async () => {
    const { owner, ben, owners, bens, communityId } = await call();
    const kickedAt = Date.now();
    await owner.guildhall.communities.kickMember({ communityId, userId: ben.id });
    await expect.poll(() => others(owners), { timeout: 15_000 }).toEqual([]);
    expect(await connections(owners)).toEqual([]);
    await expect
      .poll(async () => (await snapshot(bens))?.status, { timeout: 20_000 })
      .toBe('ended');
    console.log(`kicked: over on both sides after ${Date.now() - kickedAt} ms`);
    expect(await snapshot(bens)).toMatchObject({ endReason: 'refused' });
    expect(await connections(bens)).toEqual([]);
  });

  test('who is moved to another channel goes there by themselves, and hears who is there', async () => {
    const { owner, ben, cem, owners, bens, channelId, communityId } = await call();
    const { id: quiet } = await owner.guildhall.communities.createChannel({
      communityId,
      name: 'quiet',
      kind: 'voice',
    });
    const cems = await openWindow(cem);
    expect(await join(cems, quiet)).toBeNull();
    await owner.guildhall.voice.moveMember({ channelId, userId: ben.id, destinationId: quiet });
    await isConnectedTo(bens, cem);
    expect(await snapshot(bens)).toMatchObject({ channelId: quiet, status: 'connected' });
    expect(await others(owners)).toEqual([]);
    expect(await connections(owners)).toEqual([]);
    expect(await firstHeard(cems, ben)).toBeGreaterThan(AUDIBLE);
  });
});

describe('going away, and staying', { timeout: 180_000 }, () => {
  test('a page that is left says so itself', async () => {
    const { owners, bens } = await call();
    const leftAt = Date.now();
    await bens.page.goto('about:blank');
    await expect.poll(() => others(owners), { timeout: 10_000, interval: 50 }).toEqual([]);
    console.log(`left the page: gone after ${Date.now() - leftAt} ms`);
    expect(Date.now() - leftAt).toBeLessThan(5_000);
    expect(await connections(owners)).toEqual([]);
  });

  test('leaving is leaving', async () => {
    const { owners, bens } = await call();
    await bens.page.evaluate(() => window.callPage.leave());
    await expect.poll(() => others(owners), { timeout: 10_000 }).toEqual([]);
    expect(await connections(owners)).toEqual([]);
    expect(await snapshot(bens)).toMatchObject({ status: 'ended', endReason: 'left' });
  });

  test('who is cut off is gone when the lease is over, and comes back when it can; for who stays, credentials are renewed and packets go by them', async () => {
    const { owner, ben, cem, owners, bens, channelId } = await call();
    const cems = await openWindow(cem);
    expect(await join(cems, channelId)).toBeNull();
    await Promise.all([isConnectedTo(owners, ben, cem), isConnectedTo(cems, owner, ben)]);
    const bensSession = (await snapshot(bens))?.sessionId;
    // The server hears nothing of ben any more, as if the machine had died.
    await bens.page.context().setOffline(true);
    const diedAt = Date.now();
    await owners.page.waitForTimeout(10_000);
    expect((await others(owners))?.sort()).toEqual([ben.id, cem.id].sort());
    await expect.poll(() => others(owners), { timeout: 60_000, interval: 500 }).toEqual([cem.id]);
    console.log(`cut off: gone after ${Date.now() - diedAt} ms`);
    expect(Date.now() - diedAt).toBeLessThan(55_000);
    const [before, ...more] = await connections(owners);
    expect(more).toEqual([]);
    await expect
      .poll(async () => (await connections(owners))[0]?.username, {
        timeout: 40_000,
        interval: 500,
      })
      .not.toBe(before?.username);
    // The expiry is its first part, the person its second.
    const [[expiry, who], [oldExpiry, whoBefore]] = [
      (await connections(owners))[0]?.username?.split(':') ?? [],
      before?.username?.split(':') ?? [],
    ];
    expect(Number(expiry)).toBeGreaterThan(Number(oldExpiry));
    expect([who, whoBefore]).toEqual([owner.id, owner.id]);
    await expect
      .poll(async () => (await connections(owners))[0], { timeout: 15_000 })
      .toMatchObject({ state: 'connected', localType: 'relay', remoteType: 'relay' });
    await expect
      .poll(async () => (await connections(owners))[0]?.round, { timeout: 15_000 })
      .not.toBe(before?.round);
    expect(await firstHeard(owners, cem)).toBeGreaterThan(AUDIBLE);
    expect(await firstHeard(cems, owner)).toBeGreaterThan(AUDIBLE);
    // Not another connection: the same one, by another way.
    expect((await owners.page.evaluate(() => window.callPage.made())).connections).toBe(2);

    expect(await snapshot(bens)).toMatchObject({ status: 'reconnecting', participants: [] });
    expect(await connections(bens)).toEqual([]);
    await bens.page.context().setOffline(false);
    await Promise.all([isConnectedTo(bens, owner, cem), isConnectedTo(owners, ben, cem)]);
    const back = await snapshot(bens);
    expect(back).toMatchObject({ status: 'connected', error: null });
    expect(back?.sessionId).not.toBe(bensSession);
    expect(await firstHeard(owners, ben)).toBeGreaterThan(AUDIBLE);
  });
});
