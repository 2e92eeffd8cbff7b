import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { inject } from 'vitest';
import WebSocket from 'ws';

/** A client with the publishable key and nothing else, as a browser has it. */
export function anonymous(): SupabaseClient {
  const { apiUrl, publishableKey } = inject('stack');
  return createClient(apiUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    // Node 20 has no WebSocket of its own.
    realtime: { transport: WebSocket as never },
  });
}

export interface Person {
  id: string;
  token: string;
  client: SupabaseClient;
}

/** A new user, signed up and signed in through the auth API. */
export async function signUp(metadata: Record<string, unknown> = {}): Promise<Person> {
  const client = anonymous();
  const { data, error } = await client.auth.signUp({
    email: `${randomUUID()}@example.com`,
    password: randomUUID(),
    options: { data: metadata },
  });
  if (error) throw error;
  if (data.user === null || data.session === null) throw new Error('sign-up gave no session');
  const token = data.session.access_token;
  await client.realtime.setAuth(token);
  return { id: data.user.id, token, client };
}

/** The same user in a second browser: a client of its own, with no channel open. */
export async function secondClient({ client }: Person): Promise<SupabaseClient> {
  const { data } = await client.auth.getSession();
  if (data.session === null) throw new Error('not signed in');
  const second = anonymous();
  const { error } = await second.auth.setSession(data.session);
  if (error) throw error;
  await second.realtime.setAuth(data.session.access_token);
  return second;
}

/** Calls a function and throws what the API refuses. */
export async function call<Result>(
  client: SupabaseClient,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Result> {
  const { data, error } = await client.rpc(name, args);
  if (error) throw error;
  return data as Result;
}
