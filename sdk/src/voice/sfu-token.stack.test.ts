import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { generateKeys } from '../../../scripts/local/keys.ts';
import { type Stack, startStack } from '../../../scripts/local/stack.ts';
import { newCommunity, newPerson } from '../testing/stack-people.ts';

// A token for the SFU, from the Edge Function `voice-token`, on a stack whose operator has set a LiveKit server.

let stack: Stack;

beforeAll(async () => {
  const { publishableKey, secretKey, jwtSecret } = inject('stack');
  stack = await startStack({
    keys: { ...(await generateKeys()), publishableKey, secretKey, jwtSecret },
    port: 0,
    functionVariables: {
      LIVEKIT_URL: 'wss://livekit.example.org',
      LIVEKIT_API_KEY: 'APIkey',
      LIVEKIT_API_SECRET: randomBytes(32).toString('hex'),
    },
    log: () => {},
  });
}, 60_000);

afterAll(() => stack?.close());

const claims = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

test('is for the session that the call holds, and there is none without one', async () => {
  const ada = await newPerson(stack.apiUrl);
  const { community } = await newCommunity(ada);
  const room = { communityId: community.id, name: 'hall', kind: 'voice' };
  const { id: channelId } = await ada.guildhall.communities.createChannel(room);
  await ada.guildhall.voice.updateChannel({ channelId, transport: 'sfu' });
  const deviceId = randomUUID();
  const place = { channelId, deviceId };
  await expect(ada.guildhall.voice.sfuToken(place)).rejects.toMatchObject({
    name: 'GuildhallError',
    code: 'expired',
    status: 410,
  });
  const call = await ada.guildhall.voice.join(channelId, { sfu: true, deviceId });
  const answer = await ada.guildhall.voice.sfuToken(place);
  expect(answer).toEqual({
    url: 'wss://livekit.example.org',
    token: expect.any(String),
    room: channelId,
    expiresAt: expect.any(String),
  });
  expect(claims(answer.token)).toMatchObject({
    sub: call.getSnapshot().sessionId,
    video: { room: channelId, roomJoin: true },
  });
  await call.leave();
  await expect(ada.guildhall.voice.sfuToken(place)).rejects.toMatchObject({ code: 'expired' });
  ada.supabase.realtime.disconnect();
});
