import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { createGuildhall } from '../../../sdk/src/guildhall.ts';
import { newCommunity, newPerson, type Person } from '../../../sdk/src/testing/stack-people.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { page, startServer } from './hostile-server.ts';

const preview = {
  title: 'A page',
  description: 'What it is about',
  site_name: 'Example',
  image_url: 'https://example.com/image.png',
};
const someLink = () => `https://${randomUUID()}.example.com/`;

/** Whoever has the secret key, as the Edge Function has. */
function holderOfSecretKey(apiUrl: string): SupabaseClient {
  return createClient(apiUrl, inject('stack').secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
  });
}

describe('a stack whose jobs call nobody', () => {
  let stack: Stack;
  let author: Person;
  let reader: Person;
  let channelId: string;
  let server: ReturnType<typeof createGuildhall>;

  beforeAll(async () => {
    const { publishableKey, secretKey, jwtSecret } = inject('stack');
    const keys = { publishableKey, secretKey, jwtSecret, databasePassword: randomUUID() };
    stack = await startStack({ keys, port: 0, callsFunctions: false });
    [author, reader] = await Promise.all([newPerson(stack.apiUrl), newPerson(stack.apiUrl)]);
    channelId = (await newCommunity(author, [reader])).channel.id;
    server = createGuildhall(holderOfSecretKey(stack.apiUrl));
  }, 60_000);
  afterAll(() => stack?.close());

  const send = (body: string) => author.guildhall.messages.send({ channelId, body });
  const get = (seq: number) => reader.guildhall.messages.get({ channelId, seq });
  const callFunction = (headers: Record<string, string>) =>
    fetch(`${stack.functionsUrl}/link-previews`, { method: 'POST', headers });
  const callAsDatabase = async () => {
    const response = await callFunction({ 'x-guildhall-secret': stack.functionsSecret });
    return { status: response.status, body: await response.json() };
  };

  test('a preview that is stored arrives at who has the channel open, and at who was away', async () => {
    const live = reader.guildhall.channel(channelId);
    await live.open();
    const url = someLink();
    const { seq, revision } = await send(`look at ${url}`);
    await expect.poll(() => live.getSnapshot().messages.at(-1)?.seq).toBe(seq);
    expect(live.getSnapshot().messages.at(-1)?.preview).toBeNull();

    const claims = await server.messages.claimLinkPreviews();
    expect(claims).toEqual([{ channel_id: channelId, seq, url, is_known: false, preview: null }]);
    expect(await server.messages.storeLinkPreview({ channelId, seq, url, preview })).toBe(true);

    const shown = { url, ...preview };
    await expect.poll(() => live.getSnapshot().messages.at(-1)?.preview).toEqual(shown);
    live.close();
    const { changes } = await reader.guildhall.messages.syncChannel({
      channelId,
      afterRevision: revision,
    });
    expect(changes.map((change) => [change.kind, change.seq, change.message?.preview])).toEqual([
      ['previewed', seq, shown],
    ]);
    expect((await get(seq)).preview).toEqual(shown);
    expect((await reader.guildhall.messages.list({ channelId })).at(-1)?.preview).toEqual(shown);

    const edited = await author.guildhall.messages.edit({ channelId, seq, body: 'never mind' });
    expect(edited.preview).toBeNull();
    expect(await server.messages.storeLinkPreview({ channelId, seq, url, preview })).toBe(false);
  });

  test('nobody claims or stores without the secret key', async () => {
    const args = { channelId, seq: 1, url: someLink(), preview };
    for (const { guildhall } of [author, reader]) {
      await expect(guildhall.messages.claimLinkPreviews()).rejects.toMatchObject({ status: 403 });
      await expect(guildhall.messages.storeLinkPreview(args)).rejects.toMatchObject({
        status: 403,
      });
    }
    const nobody = createClient(stack.apiUrl, inject('stack').publishableKey, {
      auth: { persistSession: false },
      realtime: { transport: WebSocket as never },
    });
    for (const [name, values] of [
      ['claim_link_previews', {}],
      ['store_link_preview', { p_channel_id: channelId, p_seq: 1, p_url: 'x', p_preview: preview }],
    ] as const) {
      expect((await nobody.rpc(name, values)).error?.code).toBe('42501');
    }
  });

  test('nobody calls the function but who knows the secret', async () => {
    const { publishableKey, secretKey } = inject('stack');
    const { data } = await author.supabase.auth.getSession();
    for (const headers of [
      {},
      { 'x-guildhall-secret': '' },
      { 'x-guildhall-secret': `${stack.functionsSecret}x` },
      { 'x-guildhall-secret': stack.functionsSecret.slice(0, -1) },
      { apikey: publishableKey, authorization: `Bearer ${data.session?.access_token}` },
      { apikey: secretKey, authorization: `Bearer ${secretKey}` },
      { apikey: secretKey, 'x-guildhall-secret': secretKey },
    ] as Record<string, string>[]) {
      const response = await callFunction(headers);
      expect({ headers, status: response.status }).toEqual({ headers, status: 401 });
      expect(await response.json()).toHaveProperty('code', 'session_required');
    }
    expect(await callAsDatabase()).toEqual({ status: 200, body: { claimed: 0 } });
  });

  test('the function reaches nothing of this machine', async () => {
    const inner = await startServer((socket) => socket.end(page('<title>Internal</title>')), {
      address: '::',
    });
    const links = [
      `http://127.0.0.1:${inner.port}/`,
      `http://2130706433:${inner.port}/`,
      `http://localhost:${inner.port}/`,
      `http://[::1]:${inner.port}/`,
      `http://[::ffff:127.0.0.1]:${inner.port}/`,
      `http://localhost.localdomain:${inner.port}/`,
      `http://169.254.169.254/${randomUUID()}`,
    ];
    const sent: number[] = [];
    for (const link of links) sent.push((await send(link)).seq);
    expect(await callAsDatabase()).toEqual({ status: 200, body: { claimed: links.length } });

    // When all of them are answered, what was found is known the next time: nothing.
    await expect
      .poll(
        async () => {
          const again = await Promise.all(links.map(send));
          const claims = await server.messages.claimLinkPreviews({ limit: 100 });
          expect(claims).toHaveLength(again.length);
          return claims.map((claim) => [claim.is_known, claim.preview]);
        },
        { interval: 500, timeout: 10_000 },
      )
      .toEqual(links.map(() => [true, null]));
    for (const seq of sent) expect((await get(seq)).preview).toBeNull();
    expect(inner.connections).toBe(0);
    inner.close();
  });

  test('the function answers what is known without fetching it', async () => {
    const url = someLink();
    const first = await send(url);
    const claims = await server.messages.claimLinkPreviews({ limit: 100 });
    expect(claims.map((claim) => claim.seq)).toContain(first.seq);
    await server.messages.storeLinkPreview({ channelId, seq: first.seq, url, preview });
    const second = await send(`again: ${url}`);
    await callAsDatabase();
    await expect
      .poll(async () => (await get(second.seq)).preview, { timeout: 5_000 })
      .toEqual({ url, ...preview });
  });
});

test('a job calls the function by itself, and what it finds arrives', async () => {
  const { apiUrl } = inject('stack');
  const [author, reader] = await Promise.all([newPerson(), newPerson()]);
  const { channel } = await newCommunity(author, [reader]);
  const channelId = channel.id;
  const server = createGuildhall(holderOfSecretKey(apiUrl));

  // There is no page to fetch here, so one is made known: by who claims it before the job does.
  let url = '';
  let wasFirst = false;
  while (!wasFirst) {
    url = someLink();
    const { seq } = await author.guildhall.messages.send({ channelId, body: url });
    const claims = await server.messages.claimLinkPreviews({ limit: 100 });
    wasFirst = claims.some((claim) => claim.url === url);
    if (wasFirst) await server.messages.storeLinkPreview({ channelId, seq, url, preview });
  }

  const live = reader.guildhall.channel(channelId);
  await live.open();
  const { seq } = await author.guildhall.messages.send({ channelId, body: `and ${url}` });
  await expect
    .poll(() => live.getSnapshot().messages.find((message) => message.seq === seq)?.preview, {
      timeout: 20_000,
    })
    .toEqual({ url, ...preview });
  live.close();
});
