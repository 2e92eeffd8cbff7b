import { randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { inject } from 'vitest';
import WebSocket from 'ws';
import type { Channel, Community } from '../generated/rows.ts';
import { createGuildhall, type Guildhall } from '../guildhall.ts';

export interface Person {
  id: string;
  supabase: SupabaseClient;
  guildhall: Guildhall;
}

/** An unmodified supabase-js client of the stack, with nobody signed in. */
export function stackClient(apiUrl: string = inject('stack').apiUrl): SupabaseClient {
  return createClient(apiUrl, inject('stack').publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: {
      // Node 20 has no WebSocket of its own.
      transport: WebSocket as never,
      heartbeatIntervalMs: 1_000,
      reconnectAfterMs: () => 100,
    },
  });
}

/** A new user with a session, reaching the stack by the given address. */
export async function newPerson(apiUrl?: string): Promise<Person> {
  const supabase = stackClient(apiUrl);
  const { data, error } = await supabase.auth.signUp({
    email: `${randomUUID()}@example.com`,
    password: randomUUID(),
  });
  if (error !== null) throw error;
  if (data.user === null) throw new Error('sign-up gave no user');
  return { id: data.user.id, supabase, guildhall: createGuildhall(supabase) };
}

/** The same user on a second device. */
export async function secondDevice(person: Person, apiUrl?: string): Promise<Person> {
  const { data } = await person.supabase.auth.getSession();
  if (data.session === null) throw new Error('not signed in');
  const supabase = stackClient(apiUrl);
  const { error } = await supabase.auth.setSession(data.session);
  if (error !== null) throw error;
  return { id: person.id, supabase, guildhall: createGuildhall(supabase) };
}

/** A new community of this owner, with its first channel, and everybody else in it. */
export async function newCommunity(
  owner: Person,
  members: readonly Person[] = [],
): Promise<{ community: Community; channel: Channel }> {
  const community = await owner.guildhall.communities.create({ name: 'A community' });
  const communityId = community.id;
  const { code } = await owner.guildhall.communities.createInvite({ communityId });
  for (const { guildhall } of members) await guildhall.communities.redeemInvite({ code });
  const [channel] = await owner.guildhall.communities.listChannels({ communityId });
  if (channel === undefined) throw new Error('a new community has no channel');
  return { community, channel };
}
