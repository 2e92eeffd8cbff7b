import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractVersion } from './generated/contract-version.ts';
import { createGuildhall } from './guildhall.ts';
import type { CallEvent } from './index.ts';
import { newCommunity, newPerson, type Person, stackClient } from './testing/stack-people.ts';

// Calls on the running stack: real tokens, real REST, the database's own errors.

let ada: Person;

beforeAll(async () => {
  ada = await newPerson();
});

afterAll(async () => {
  await ada.supabase.realtime.disconnect();
});

test('domains are properties, and their methods give the rows of the database', async () => {
  const community = await ada.guildhall.communities.create({ name: 'Gärtner ☘' });
  expect(community).toMatchObject({ name: 'Gärtner ☘', owner_id: ada.id });
  expect(await ada.guildhall.communities.mine()).toContainEqual(community);
  const channels = await ada.guildhall.communities.listChannels({ communityId: community.id });
  expect(channels).toMatchObject([{ name: 'general', kind: 'text' }]);
});

test('the same nonce gives the same message back', async () => {
  const { channel } = await newCommunity(ada);
  const args = { channelId: channel.id, body: 'once', clientNonce: 'a nonce' };
  const [first, second] = await Promise.all([
    ada.guildhall.messages.send(args),
    ada.guildhall.messages.send(args),
  ]);
  expect(second).toEqual(first);
  expect(await ada.guildhall.messages.list({ channelId: channel.id })).toEqual([first]);
});

test('errors of the database arrive with their code, status and details', async () => {
  const { channel } = await newCommunity(ada);
  await expect(
    ada.guildhall.messages.send({ channelId: channel.id, body: 'x'.repeat(4_001) }),
  ).rejects.toMatchObject({
    name: 'GuildhallError',
    code: 'body_too_long',
    status: 422,
    details: { field: 'body', max: 4000 },
  });
  await expect(
    ada.guildhall.messages.list({ channelId: channel.id, limit: 1_000 }),
  ).rejects.toMatchObject({ code: 'invalid_argument', status: 422 });
});

test('without a session every call says that one is needed', async () => {
  const guildhall = createGuildhall(stackClient());
  for (const call of [
    () => guildhall.communities.mine(),
    () => guildhall.communities.create({ name: 'x' }),
    () => guildhall.messages.list({ channelId: ada.id }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: 'session_required', status: 401 });
  }
});

test('a function for the secret key is not for people', async () => {
  await expect(ada.guildhall.platform.health()).rejects.toMatchObject({
    code: 'missing_permission',
  });
});

test('a function that this backend lacks is a contract mismatch', async () => {
  const { createCaller } = await import('./call.ts');
  const { myProfile } = await import('./generated/functions.ts');
  const call = createCaller(ada.supabase);
  await expect(call({ ...myProfile, name: 'read_minds' })).rejects.toMatchObject({
    code: 'contract_mismatch',
    status: 404,
  });
});

test('every call is told to the hook, without what was said', async () => {
  const events: CallEvent[] = [];
  const guildhall = createGuildhall(ada.supabase, { onCall: (event) => events.push(event) });
  const { channel } = await newCommunity(ada);
  await guildhall.messages.send({ channelId: channel.id, body: 'between us' });
  await guildhall.messages.list({ channelId: channel.id });
  expect(events).toMatchObject([
    { function: 'send_message', rows: 1, errorCode: null, contractVersion },
    { function: 'list_messages', rows: 1, errorCode: null, contractVersion },
  ]);
  expect(new Set(events.map(({ requestId }) => requestId)).size).toBe(2);
  expect(JSON.stringify(events)).not.toContain('between us');
});
