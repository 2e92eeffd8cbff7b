import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, type Person } from './testing/stack-people.ts';

// Friends, blocks and preferences on the running stack: what the SDK answers, and what a person's own topic says.

let ada: Person;
let ben: Person;
const heard = new Map<Person, { event: string; payload: Record<string, unknown> }[]>();

beforeAll(async () => {
  [ada, ben] = await Promise.all([newPerson(), newPerson()]);
  for (const person of [ada, ben]) {
    const events: { event: string; payload: Record<string, unknown> }[] = [];
    heard.set(person, events);
    await new Promise<void>((resolve, reject) => {
      person.supabase
        .channel(`user:${person.id}`, { config: { private: true } })
        .on('broadcast', { event: '*' }, ({ event, payload }) => {
          const { id: _, ...said } = payload;
          events.push({ event, payload: said });
        })
        .subscribe((status, error) => {
          if (status === 'SUBSCRIBED') resolve();
          else if (status === 'CHANNEL_ERROR') reject(error);
        });
    });
  }
});

afterAll(async () => {
  for (const { supabase } of [ada, ben]) await supabase.realtime.disconnect();
});

/** What the person hears next, and forgets. */
async function nextHeard(person: Person) {
  await expect.poll(() => heard.get(person)?.length).toBeGreaterThan(0);
  return heard.get(person)?.splice(0);
}

test('somebody is asked by username, accepts, is blocked, and does not notice', async () => {
  const { username } = await ben.guildhall.identity.myProfile();
  expect(await ada.guildhall.identity.requestFriend({ username })).toBe('requested');
  const changed = (other: Person, kind: string, direction: string | null) => [
    { event: 'friends_changed', payload: { user_id: other.id, kind, direction } },
  ];
  expect(await nextHeard(ada)).toEqual(changed(ben, 'requested', 'outgoing'));
  expect(await nextHeard(ben)).toEqual(changed(ada, 'requested', 'incoming'));

  const [request] = await ben.guildhall.identity.listFriendRequests({ direction: 'incoming' });
  expect(request).toMatchObject({ user_id: ada.id, direction: 'incoming' });
  await ben.guildhall.identity.acceptFriendRequest({ userId: ada.id });
  expect(await nextHeard(ada)).toEqual(changed(ben, 'accepted', 'outgoing'));
  expect(await nextHeard(ben)).toEqual(changed(ada, 'accepted', 'incoming'));
  const before = await ben.guildhall.identity.listFriends();
  expect(before).toMatchObject([{ user_id: ada.id }]);

  await ada.guildhall.identity.blockUser({ userId: ben.id });
  expect(await nextHeard(ada)).toEqual([
    { event: 'blocks_changed', payload: { user_id: ben.id, is_blocked: true } },
  ]);
  expect(await ada.guildhall.identity.listFriends()).toEqual([]);
  expect(await ada.guildhall.identity.listBlocks()).toMatchObject([{ user_id: ben.id, username }]);
  await expect(ada.guildhall.identity.requestFriend({ userId: ben.id })).rejects.toMatchObject({
    code: 'blocked',
    status: 403,
  });
  expect(await ben.guildhall.identity.listFriends()).toEqual(before);
  await ben.guildhall.identity.removeFriend({ userId: ada.id });
  // His own device is the first thing he hears of since: of the block there was nothing.
  expect(await nextHeard(ben)).toEqual(changed(ada, 'removed', null));

  await ada.guildhall.identity.unblockUser({ userId: ben.id });
  // And of what he did meanwhile she heard nothing.
  expect(await nextHeard(ada)).toEqual([
    { event: 'blocks_changed', payload: { user_id: ben.id, is_blocked: false } },
  ]);
});

test('pages go on after the last row as it came', async () => {
  const others = await Promise.all([newPerson(), newPerson(), newPerson()]);
  for (const { id } of others) await ada.guildhall.identity.blockUser({ userId: id });
  const first = await ada.guildhall.identity.listBlocks({ limit: 2 });
  const last = first.at(-1);
  const rest = await ada.guildhall.identity.listBlocks({
    beforeCreatedAt: last?.created_at ?? null,
    beforeUserId: last?.user_id ?? null,
    limit: 2,
  });
  expect([...first, ...rest].map((row) => row.user_id).sort()).toEqual(
    others.map(({ id }) => id).sort(),
  );
});

test('preferences are what was chosen, or what holds without', async () => {
  expect(await ada.guildhall.identity.myPreferences()).toEqual({ direct_from: 'members' });
  expect(await ada.guildhall.identity.updateMyPreferences({ directFrom: 'friends' })).toEqual({
    direct_from: 'friends',
  });
  expect(await ada.guildhall.identity.updateMyPreferences()).toEqual({ direct_from: 'friends' });
  expect(await ada.guildhall.identity.myPreferences()).toEqual({ direct_from: 'friends' });
});
