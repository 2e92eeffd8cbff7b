import { randomUUID } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { createCallRecorder } from './call-recorder.ts';
import { createGuildhall } from './guildhall.ts';
import type { CallRate } from './index.ts';
import { newPerson, stackClient } from './testing/stack-people.ts';

// What adapters tell, on the running stack: recorders of people and of nobody, read with the secret key.

const operator = createClient(inject('stack').apiUrl, inject('stack').secretKey, {
  auth: { persistSession: false, autoRefreshToken: false },
  // Node 20 has no WebSocket of its own.
  realtime: { transport: WebSocket as never },
});

async function ratesOf(name: string): Promise<CallRate[]> {
  const { data, error } = await operator.rpc('list_call_rates').eq('function', name);
  expect(error).toBeNull();
  return data as CallRate[];
}

test('a failed redeem and a failed sign-in are seen by the operator, as what clients say', async () => {
  const supabase = stackClient();
  const recorder = createCallRecorder(supabase, { successesOneIn: 1 });
  const { data } = await recorder.observe('auth.sign_in', () =>
    supabase.auth.signInWithPassword({ email: `${randomUUID()}@example.com`, password: 'wrong' }),
  );
  expect(data.session).toBeNull();
  await recorder.flush();

  const person = await newPerson();
  const own = createCallRecorder(person.supabase, { successesOneIn: 1 });
  const guildhall = createGuildhall(person.supabase, { onCall: own.record });
  await guildhall.communities.create({ name: 'Recorded' });
  await guildhall.communities.redeemInvite({ code: '0000000000000000' }).catch(() => {});
  await own.close();

  expect(await ratesOf('auth.sign_in')).toMatchObject([
    { source: 'client', calls: 1, refused: 1, faults: 0, budget_left: 1 },
  ]);
  expect(await ratesOf('redeem_invite')).toMatchObject([
    { source: 'client', codes: { not_found: 1 }, p50_ms: null },
  ]);
  const [created] = await ratesOf('create_community');
  expect(created).toMatchObject({ source: 'client', calls: 1, faults: 0, refused: 0 });
  expect(created?.p99_ms).toBeGreaterThan(0);
});

test('nobody else reads them', async () => {
  const person = await newPerson();
  for (const client of [stackClient(), person.supabase]) {
    const { data, error } = await client.rpc('list_call_rates');
    expect(data).toBeNull();
    expect(error?.code).toBe('42501');
  }
});

test('what the secret key records is the server’s, and a batch counts once', async () => {
  const batch = {
    p_batch_id: randomUUID(),
    p_calls: [{ function: 'gateway.chat_history', code: 'unavailable', latency_ms: 12 }],
  };
  for (const attempt of [batch, batch]) {
    expect((await operator.rpc('record_calls', attempt)).error).toBeNull();
  }
  expect(await ratesOf('gateway.chat_history')).toMatchObject([
    { source: 'server', calls: 1, faults: 1 },
  ]);
});
