import { randomBytes, randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import { createGuildhall } from '../../sdk/src/index.ts';

export interface Backend {
  readonly apiUrl: string;
  readonly publishableKey: string;
  /** Stays on the application's server: it says which account is whose. */
  readonly secretKey: string;
}

/** Somebody of the application, as its server knows them. */
export interface DemoPerson {
  readonly name: string;
  /** The id that the application knows them under. */
  readonly mongoId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Two new people of the application who are friends, each with an account whose external id is linked. */
export async function newFriends(backend: Backend): Promise<[DemoPerson, DemoPerson]> {
  const ann = await signUp(backend, 'Ann');
  const ben = await signUp(backend, 'Ben');
  await createGuildhall(ann.client).identity.requestFriend({ userId: ben.id });
  await createGuildhall(ben.client).identity.acceptFriendRequest({ userId: ann.id });
  return [ann.person, ben.person];
}

async function signUp(backend: Backend, name: string) {
  const client = clientOf(backend, backend.publishableKey);
  const { data, error } = await client.auth.signUp({
    email: `${randomUUID()}@example.com`,
    password: randomUUID(),
  });
  if (error !== null) throw error;
  if (data.user === null || data.session === null) throw new Error('sign-up gave no session');
  const mongoId = randomBytes(12).toString('hex');
  const linked = await clientOf(backend, backend.secretKey).rpc('link_external_identity', {
    p_user_id: data.user.id,
    p_provider: 'mongo',
    p_external_id: mongoId,
  });
  if (linked.error !== null) throw new Error(linked.error.message);
  const { access_token: accessToken, refresh_token: refreshToken } = data.session;
  return { id: data.user.id, client, person: { name, mongoId, accessToken, refreshToken } };
}

function clientOf({ apiUrl }: Backend, key: string): SupabaseClient {
  return createClient(apiUrl, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    // Node 20 has no WebSocket of its own.
    realtime: { transport: WebSocket as never },
  });
}
