import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import type { OutgoingAttachment } from './attachments.ts';
import type { DescribedMessage } from './generated/rows.ts';
import { createGuildhall } from './guildhall.ts';
import { newCommunity, newPerson, type Person, stackClient } from './testing/stack-people.ts';

// Files of messages on the running stack: Storage over HTTP, with the policies on its table, and the sweep in Deno.

const { apiUrl, functionsUrl, functionsSecret, secretKey, publishableKey } = inject('stack');
const text = 'what the file says';
const file = (name = 'a note.txt', content: BlobPart = text) =>
  new File([content], name, { type: 'text/plain' });
const service = createClient(apiUrl, secretKey, {
  auth: { persistSession: false },
  realtime: { transport: WebSocket as never },
});
const bucketOf = (client: SupabaseClient) => client.storage.from('attachments');

let owner: Person;
let member: Person;
let outsider: Person;
let channelId: string;
let communityId: string;

beforeAll(async () => {
  [owner, member, outsider] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  const { community, channel } = await newCommunity(owner, [member]);
  communityId = community.id;
  channelId = channel.id;
});

afterAll(async () => {
  for (const { supabase } of [owner, member, outsider]) await supabase.realtime.disconnect();
});

/** A message with one file, sent by this person. */
async function sent(
  person: Person,
  options: { expiresAt?: string; channelId?: string } = {},
): Promise<{ message: DescribedMessage; path: string }> {
  const where = options.channelId ?? channelId;
  const attachment = await person.guildhall.attachments.upload(where, file(), options);
  const message = await person.guildhall.messages.send({
    channelId: where,
    body: '',
    attachments: [attachment],
  });
  return { message, path: message.attachments[0]!.path };
}

/** What Storage answers to somebody who asks for this file, in each way there is. */
async function answers(client: SupabaseClient, path: string) {
  const bucket = bucketOf(client);
  const [folder, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(-36)];
  const [download, signed, several, info, listed] = [
    await bucket.download(path),
    await bucket.createSignedUrl(path, 60),
    await bucket.createSignedUrls([path], 60),
    await bucket.info(path),
    await bucket.list(folder),
  ];
  return {
    downloads: download.error === null,
    signs: signed.error === null,
    signsSeveral: several.data?.some(({ error }) => error === null) ?? false,
    isTold: info.error === null,
    lists: listed.data?.some((object) => object.name === name) ?? false,
  };
}

const everything = {
  downloads: true,
  signs: true,
  signsSeveral: true,
  isTold: true,
  // Nobody does: messages say what there is.
  lists: false,
};
const nothing = {
  downloads: false,
  signs: false,
  signsSeveral: false,
  isTold: false,
  lists: false,
};

const sweep = (secret: string) =>
  fetch(`${functionsUrl}/sweep-attachments`, {
    method: 'POST',
    headers: { 'x-guildhall-secret': secret },
  });

describe('a file', () => {
  test('is uploaded, sent, shown to another member and fetched', async () => {
    const attachment = await owner.guildhall.attachments.upload(channelId, file());
    expect(attachment).toEqual({ id: expect.any(String), name: 'a note.txt' });
    const message = await owner.guildhall.messages.send({
      channelId,
      body: 'look',
      attachments: [attachment],
    });
    const path = `${channelId}/${owner.id}/${attachment.id}`;
    expect(message.attachments).toEqual([
      {
        ...attachment,
        path,
        content_type: 'text/plain',
        size: text.length,
        expires_at: null,
      },
    ]);
    const seen = await member.guildhall.messages.get({ channelId, seq: message.seq });
    expect(seen.attachments).toEqual(message.attachments);
    const found = await member.guildhall.messages.search({ communityId, query: 'has:attachment' });
    expect(found.map(({ seq }) => seq)).toContain(message.seq);

    const { data } = await bucketOf(member.supabase).download(path);
    expect(await data!.text()).toBe(text);
    const url = await member.guildhall.attachments.url(seen.attachments[0]!, {
      downloadAs: 'a note.txt',
    });
    const answer = await fetch(url);
    expect(await answer.text()).toBe(text);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''a%20note.txt");
    expect(await answers(member.supabase, path)).toEqual(everything);
  });

  test('is its owner’s until it is sent, and discarded by nobody else', async () => {
    const { id } = await owner.guildhall.attachments.upload(channelId, file());
    const path = `${channelId}/${owner.id}/${id}`;
    expect(await answers(owner.supabase, path)).toEqual(everything);
    expect(await answers(member.supabase, path)).toEqual(nothing);
    expect((await bucketOf(member.supabase).remove([path])).data).toEqual([]);
    await owner.guildhall.attachments.discard(channelId, { id });
    expect(await answers(owner.supabase, path)).toEqual(nothing);
    expect((await service.storage.from('attachments').info(path)).error).not.toBeNull();
  });

  test('of any kind and form of body is what Storage says it is', async () => {
    const id = randomUUID();
    const path = `${channelId}/${owner.id}/${id}`;
    const { error } = await bucketOf(owner.supabase).upload(path, new Uint8Array(1000), {
      contentType: 'image/png',
    });
    expect(error).toBeNull();
    const attachments: OutgoingAttachment[] = [{ id, name: 'picture.png' }];
    const message = await owner.guildhall.messages.send({ channelId, body: '', attachments });
    expect(message.attachments[0]).toMatchObject({ size: 1000, content_type: 'image/png' });
  });

  test('that was sent is sent once, and a retried send sends nothing twice', async () => {
    const attachments = [await owner.guildhall.attachments.upload(channelId, file())];
    const args = { channelId, body: '', attachments, clientNonce: randomUUID() };
    const [first, second] = await Promise.all([
      owner.guildhall.messages.send(args),
      owner.guildhall.messages.send(args),
    ]);
    expect(second).toEqual(first);
    await expect(
      owner.guildhall.messages.send({ ...args, clientNonce: randomUUID() }),
    ).rejects.toMatchObject({ code: 'invalid_argument', details: { field: 'attachments' } });
  });

  test('goes out with a live channel and comes in at another', async () => {
    const theirs = member.guildhall.channel(channelId);
    const mine = owner.guildhall.channel(channelId);
    await Promise.all([theirs.open(), mine.open()]);
    try {
      const attachment = await owner.guildhall.attachments.upload(channelId, file());
      const sending = mine.send('', { attachments: [attachment] });
      expect(mine.getSnapshot().pending).toMatchObject([{ attachments: [attachment] }]);
      const { seq } = await sending;
      await expect
        .poll(() => theirs.getSnapshot().messages.at(-1), { timeout: 10_000 })
        .toMatchObject({ seq, attachments: [{ id: attachment.id, name: 'a note.txt' }] });
      await expect(mine.send('', { attachments: [attachment] })).rejects.toMatchObject({
        code: 'invalid_argument',
      });
      const [failed] = mine.getSnapshot().pending;
      expect(failed).toMatchObject({ status: 'failed', attachments: [attachment] });
      await expect(mine.retry(failed!.nonce)).rejects.toMatchObject({ code: 'invalid_argument' });
    } finally {
      theirs.close();
      mine.close();
    }
  });
});

describe('nobody reads a file who may not read its message:', () => {
  test('nobody without a session, no outsider, no former member', async () => {
    const { path } = await sent(owner);
    const former = await newPerson();
    const { code } = await owner.guildhall.communities.createInvite({ communityId });
    await former.guildhall.communities.redeemInvite({ code });
    expect(await answers(former.supabase, path)).toEqual(everything);
    await former.guildhall.communities.leave({ communityId });
    for (const client of [former.supabase, outsider.supabase, stackClient()]) {
      expect(await answers(client, path)).toEqual(nothing);
    }
    const [bare, keyless] = await Promise.all([
      fetch(`${apiUrl}/storage/v1/object/attachments/${path}`, {
        headers: { apikey: publishableKey },
      }),
      fetch(`${apiUrl}/storage/v1/object/sign/attachments/${path}?token=a.b.c`),
    ]);
    expect(bare.ok || keyless.ok).toBe(false);
    const asPublic = await fetch(`${apiUrl}/storage/v1/object/public/attachments/${path}`);
    expect(asPublic.ok).toBe(false);
  });

  test('no member who may not read the history', async () => {
    const { community, channel } = await newCommunity(owner, [member]);
    const { path } = await sent(owner, { channelId: channel.id });
    expect(await answers(member.supabase, path)).toEqual(everything);
    await owner.guildhall.communities.setChannelOverwrite({
      channelId: channel.id,
      subjectKind: 'member',
      subjectId: member.id,
      deny: ['read_history'],
    });
    expect(await answers(member.supabase, path)).toEqual(nothing);
    expect(await answers(owner.supabase, path)).toEqual(everything);
    await owner.guildhall.communities.delete({
      communityId: community.id,
      name: community.name,
    });
    expect(await answers(owner.supabase, path)).toEqual(nothing);
  });

  test('not after the message was deleted', async () => {
    const { message, path } = await sent(member);
    expect(await answers(owner.supabase, path)).toEqual(everything);
    await member.guildhall.messages.delete({ channelId, seq: message.seq });
    for (const { supabase } of [owner, member]) {
      expect(await answers(supabase, path)).toEqual(nothing);
    }
  });

  test('not after it has expired, and then nothing shows that there was one', async () => {
    const expiresAt = new Date(Date.now() + 1500).toISOString();
    const { message, path } = await sent(owner, { expiresAt });
    expect(message.attachments).toMatchObject([{ name: 'a note.txt', size: text.length }]);
    expect(new Date(message.attachments[0]!.expires_at!)).toEqual(new Date(expiresAt));
    const { data } = await member.supabase
      .from('messages')
      .select('attachments')
      .match({ channel_id: channelId, seq: message.seq })
      .single();
    expect(data!.attachments).toEqual([
      { id: path.slice(-36), path, expires_at: message.attachments[0]!.expires_at },
    ]);
    const search = { communityId, query: 'has:attachment' };
    const found = async () => {
      const rows = await member.guildhall.messages.search(search);
      return rows.some(({ seq }) => seq === message.seq);
    };
    expect(await found()).toBe(true);

    await expect
      .poll(() => member.guildhall.messages.get({ channelId, seq: message.seq }), {
        timeout: 10_000,
      })
      .toMatchObject({ attachments: [] });
    expect(await answers(owner.supabase, path)).toEqual(nothing);
    expect(await found()).toBe(false);
  });
});

describe('nobody puts a file', () => {
  const refusedAt = async (client: SupabaseClient, path: string) =>
    (await bucketOf(client).upload(path, file())).error;

  test('where they may not attach files', async () => {
    const { channel } = await newCommunity(owner, [member]);
    const path = () => `${channel.id}/${member.id}/${randomUUID()}`;
    expect(await refusedAt(member.supabase, path())).toBeNull();
    const waiting = await member.guildhall.attachments.upload(channel.id, file());
    await owner.guildhall.communities.setChannelOverwrite({
      channelId: channel.id,
      subjectKind: 'member',
      subjectId: member.id,
      deny: ['attach_files'],
    });
    expect(await refusedAt(member.supabase, path())).toMatchObject({ statusCode: '403' });
    await expect(member.guildhall.attachments.upload(channel.id, file())).rejects.toMatchObject({
      code: 'missing_permission',
      status: 403,
    });
    await expect(
      member.guildhall.messages.send({
        channelId: channel.id,
        body: 'x',
        attachments: [waiting],
      }),
    ).rejects.toMatchObject({
      code: 'missing_permission',
      details: { permission: 'attach_files' },
    });
    const url = bucketOf(member.supabase).createSignedUploadUrl(path());
    expect((await url).error).not.toBeNull();
  });

  test('without a session, as an outsider, or in somebody else’s name', async () => {
    for (const [client, path] of [
      [stackClient(), `${channelId}/${owner.id}/${randomUUID()}`],
      [outsider.supabase, `${channelId}/${outsider.id}/${randomUUID()}`],
      [member.supabase, `${channelId}/${owner.id}/${randomUUID()}`],
    ] as const) {
      expect(await refusedAt(client, path)).toMatchObject({ statusCode: '403' });
    }
    const guildhall = createGuildhall(stackClient());
    await expect(guildhall.attachments.upload(channelId, file())).rejects.toMatchObject({
      code: 'session_required',
    });
  });

  test('anywhere but in its place', async () => {
    const own = `${channelId}/${member.id}`;
    const id = randomUUID();
    for (const path of [
      id,
      own,
      `${own}/${id}/deeper`,
      `${own}/${id}.png`,
      `${own}/${id.toUpperCase()}x`,
      `${own}/name.txt`,
      `${own}/.emptyFolderPlaceholder`,
      `x/${own}/${id}`,
      `${own}/../${owner.id}/${id}`,
      `${own}/..%2f..%2f${id}`,
      `${own}/%2e%2e/${owner.id}/${id}`,
    ]) {
      expect(await refusedAt(member.supabase, path), path).not.toBeNull();
    }
    const { data } = await service.storage.from('attachments').list(own);
    expect(data?.filter((object) => object.name.includes(id))).toEqual([]);
  });

  test('over one that is there, not even their own', async () => {
    const { id } = await member.guildhall.attachments.upload(channelId, file());
    const path = `${channelId}/${member.id}/${id}`;
    const bucket = bucketOf(member.supabase);
    const other = file('a note.txt', 'something else');
    for (const answer of [
      await bucket.upload(path, other),
      await bucket.upload(path, other, { upsert: true }),
      await bucket.update(path, other),
    ]) {
      expect(answer.error).not.toBeNull();
    }
    // Nor is it replaced above the policies: an upload may have been let in long before.
    expect(
      (await service.storage.from('attachments').upload(path, other, { upsert: true })).error,
    ).toMatchObject({ statusCode: '403' });
    expect(await (await bucket.download(path)).data!.text()).toBe(text);
    await member.guildhall.messages.send({
      channelId,
      body: '',
      attachments: [{ id, name: 'a note.txt' }],
    });
    expect((await bucket.remove([path])).data).toEqual([]);
    expect(await (await bucket.download(path)).data!.text()).toBe(text);
  });

  test('of two uploads to one place that run side by side the second loses', async () => {
    const path = `${channelId}/${member.id}/${randomUUID()}`;
    const bucket = bucketOf(member.supabase);
    const contents = ['first', 'other'];
    const results = await Promise.all(
      contents.map((content) => bucket.upload(path, file('x', content))),
    );
    expect(results.filter(({ error }) => error === null)).toHaveLength(1);
    const kept = contents[results.findIndex(({ error }) => error === null)];
    expect(await (await bucket.download(path)).data!.text()).toBe(kept);
  });

  test('larger than 25 MiB', async () => {
    const large = new Blob([new Uint8Array(25 * 1024 * 1024 + 1)]);
    await expect(member.guildhall.attachments.upload(channelId, large)).rejects.toMatchObject({
      code: 'file_too_large',
      status: 413,
    });
  });

  test('when 50 of theirs are waiting to be sent, however they came', async () => {
    const hoarder = await newPerson();
    const { channel } = await newCommunity(hoarder);
    const path = () => `${channel.id}/${hoarder.id}/${randomUUID()}`;
    const bucket = bucketOf(hoarder.supabase);
    const signed = await bucket.createSignedUploadUrl(path());
    const uploads = await Promise.all(
      Array.from({ length: 55 }, () => bucket.upload(path(), file())),
    );
    expect(uploads.filter(({ error }) => error === null)).toHaveLength(50);
    const { path: place, token } = signed.data!;
    expect((await bucket.uploadToSignedUrl(place, token, file())).error).toMatchObject({
      statusCode: '403',
    });
    expect((await bucket.upload(path(), file())).error).toMatchObject({ statusCode: '403' });
    const one = uploads.find(({ data }) => data !== null)!.data!.path;
    expect((await bucket.remove([one])).data).toHaveLength(1);
    expect((await bucket.uploadToSignedUrl(place, token, file())).error).toBeNull();
  });
});

describe('the sweep', () => {
  test('removes the files of deleted messages and nothing else', async () => {
    const [gone, kept] = [await sent(owner), await sent(owner)];
    const { id } = await owner.guildhall.attachments.upload(channelId, file());
    await owner.guildhall.messages.delete({ channelId, seq: gone.message.seq });
    const answer = await sweep(functionsSecret);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ failed: 0 });
    const storage = service.storage.from('attachments');
    await expect.poll(async () => (await storage.info(gone.path)).error).not.toBeNull();
    for (const path of [kept.path, `${channelId}/${owner.id}/${id}`]) {
      expect((await storage.info(path)).error).toBeNull();
      expect(await (await bucketOf(owner.supabase).download(path)).data!.text()).toBe(text);
    }
    const again = await Promise.all([sweep(functionsSecret), sweep(functionsSecret)]);
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('is for the database only', async () => {
    for (const secret of ['', publishableKey, secretKey, `${functionsSecret}x`]) {
      expect((await sweep(secret)).status).toBe(401);
    }
    for (const { supabase } of [member, { supabase: stackClient() }]) {
      const { error } = await supabase.rpc('claim_attachment_removals');
      expect(error?.code).toBe('42501');
    }
  });
});
