import { gunzipSync } from 'node:zlib';
import type { SupabaseClient } from '@supabase/supabase-js';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { newCommunity, newPerson, type Person, stackClient } from './testing/stack-people.ts';

const { functionsSecret, functionsUrl, apiUrl, publishableKey } = inject('stack');

const callFunction = (secret: string) =>
  fetch(`${functionsUrl}/export-data`, {
    method: 'POST',
    headers: { 'x-guildhall-secret': secret },
  });

/** Asks for an export and waits for its file, which the job may be making, too. */
async function exported(person: Person): Promise<{ path: string; size: number | null }> {
  await person.guildhall.identity.exportMyData();
  let path: string | null = null;
  let size: number | null = null;
  await expect
    .poll(
      async () => {
        await (await callFunction(functionsSecret)).body?.cancel();
        const made = await person.guildhall.identity.myDataExport();
        ({ path, size } = made!);
        return made!.state;
      },
      { timeout: 25_000, interval: 500 },
    )
    .toBe('ready');
  return { path: path!, size };
}

const readFile = async (url: string) => {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
};

/** By which ways somebody gets at the file. */
async function answers(client: SupabaseClient, path: string) {
  const bucket = client.storage.from('exports');
  const folder = path.split('/')[0]!;
  const [download, signed, info, list, all] = await Promise.all([
    bucket.download(path),
    bucket.createSignedUrl(path, 60),
    bucket.info(path),
    bucket.list(folder),
    bucket.list(),
  ]);
  return {
    downloads: download.error === null,
    signs: signed.error === null,
    isTold: info.error === null,
    lists: (list.data ?? []).length + (all.data ?? []).length > 0,
  };
}
const nothing = { downloads: false, signs: false, isTold: false, lists: false };

describe('an export', () => {
  let owner: Person;
  let member: Person;
  let channelId: string;
  let communityId: string;
  beforeAll(async () => {
    [owner, member] = await Promise.all([newPerson(), newPerson()]);
    const made = await newCommunity(owner, [member]);
    channelId = made.channel.id;
    communityId = made.community.id;
  });

  test('has what somebody wrote and nothing that others did, and only they fetch it', async () => {
    const { messages, direct } = member.guildhall;
    const bodies = Array.from({ length: 5 }, (_, n) => `mine ${n}`);
    for (const body of bodies) await messages.send({ channelId, body });
    await messages.edit({ channelId, seq: 1, body: 'mine, edited' });
    await messages.addReaction({ channelId, seq: 2, emoji: '👍' });
    await owner.guildhall.messages.send({ channelId, body: 'the owner wrote this' });
    const { id: directId } = await direct.open({ userId: owner.id });
    await messages.send({ channelId: directId, body: 'mine, to one' });
    await owner.guildhall.messages.send({ channelId: directId, body: 'the owner answers' });

    const { path, size } = await exported(member);
    const url = await member.guildhall.dataExports.url({ path });
    const bytes = await readFile(url);
    expect(bytes.byteLength).toBe(size);
    const text = gunzipSync(bytes).toString();
    const data = JSON.parse(text);
    expect(data.user_id).toBe(member.id);
    expect(data.profile).toHaveLength(1);
    expect(data.account[0].email).toMatch(/@example.com$/);
    expect(data.memberships).toMatchObject([
      { community_id: communityId, community: 'A community', roles: [] },
    ]);
    expect(data.messages.map(({ body }: { body: string }) => body).sort()).toEqual(
      ['mine, edited', ...bodies.slice(1), 'mine, to one'].sort(),
    );
    const edited = data.messages.find(({ body }: { body: string }) => body === 'mine, edited');
    expect(edited.edits).toMatchObject([{ body: 'mine 0' }]);
    expect(data.reactions).toMatchObject([{ channel_id: channelId, seq: 2, emoji: '👍' }]);
    expect(data.direct_channels).toMatchObject([{ channel_id: directId, kind: 'pair' }]);
    expect(text).not.toContain('the owner');

    // Who else may try.
    const outsider = await newPerson();
    for (const client of [owner.supabase, outsider.supabase, stackClient()]) {
      expect(await answers(client, path)).toEqual(nothing);
    }
    expect(await answers(member.supabase, path)).toEqual({
      downloads: true,
      signs: true,
      isTold: true,
      lists: false,
    });
    const { error } = await member.supabase.storage.from('exports').upload(path, 'x');
    expect(error).not.toBeNull();
    const own = `${outsider.id}/${crypto.randomUUID()}.json.gz`;
    const upload = await outsider.supabase.storage.from('exports').upload(own, 'x');
    expect(upload.error).not.toBeNull();
    await member.supabase.storage.from('exports').remove([path]);
    expect((await answers(member.supabase, path)).downloads).toBe(true);
    await expect(outsider.guildhall.dataExports.url({ path })).rejects.toMatchObject({
      name: 'GuildhallError',
    });
  });

  test('is made by nobody but the database', async () => {
    const answer = await callFunction('wrong');
    expect([answer.status, (await answer.json()).code]).toEqual([401, 'session_required']);
    for (const name of ['claim_data_export', 'claim_export_removals', 'export_page']) {
      const args =
        name === 'export_page' ? { p_export_id: crypto.randomUUID(), p_section: 'messages' } : {};
      const { error } = await owner.supabase.rpc(name, args);
      expect(error?.code).toBe('42501');
    }
  });
});

describe('an account', () => {
  test('ends: its devices hear of it, its tokens are good for nothing, and its export is gone', async () => {
    const [owner, member] = await Promise.all([newPerson(), newPerson()]);
    const { channel } = await newCommunity(owner, [member]);
    const channelId = channel.id;
    const sent = await member.guildhall.messages.send({ channelId, body: 'I was here' });
    const { path } = await exported(member);
    const live = owner.guildhall.channel(channelId);
    await live.open();

    const heard: string[] = [];
    const own = member.supabase.channel(`user:${member.id}`, { config: { private: true } });
    own.on('broadcast', { event: '*' }, ({ event }) => heard.push(event));
    await new Promise<void>((resolve) => {
      own.subscribe((status) => status === 'SUBSCRIBED' && resolve());
    });
    await expect(
      owner.guildhall.identity.deleteMyAccount({ messages: 'remove' }),
    ).rejects.toMatchObject({
      code: 'conflict',
      details: { count: 1 },
    });
    await member.guildhall.identity.deleteMyAccount({ messages: 'anonymise' });
    await expect.poll(() => heard).toContain('account_ended');
    await expect(member.guildhall.identity.myProfile()).rejects.toMatchObject({
      code: 'session_required',
    });
    await expect(
      member.guildhall.messages.send({ channelId, body: 'still here' }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await answers(member.supabase, path)).toEqual(nothing);

    // The job comes every five seconds.
    await expect
      .poll(() => live.getSnapshot().messages.find(({ seq }) => seq === sent.seq), {
        timeout: 25_000,
      })
      .toMatchObject({
        body: 'I was here',
        author_id: null,
        author_name: null,
        client_nonce: null,
      });
    live.close();
    // With the last of it goes the account: nobody signs in to it again.
    await expect
      .poll(
        async () => {
          const { data } = await member.supabase.auth.getSession();
          const answer = await fetch(`${apiUrl}/auth/v1/user`, {
            headers: {
              apikey: publishableKey,
              authorization: `Bearer ${data.session?.access_token}`,
            },
          });
          return answer.ok;
        },
        { timeout: 25_000, interval: 1_000 },
      )
      .toBe(false);
  }, 90_000);
});
