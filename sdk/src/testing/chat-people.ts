import { randomBytes } from 'node:crypto';
import { createClient } from '@supabase/supabase-js';
import { inject } from 'vitest';
import WebSocket from 'ws';
import { newCommunity, newPerson, type Person } from './stack-people.ts';

export interface ChatPerson extends Person {
  /** The id that another system knows them under. */
  mongoId: string;
  token: string;
  refreshToken: string;
}

/** A new person with an external id. */
export async function newChatPerson(): Promise<ChatPerson> {
  const person = await newPerson();
  const mongoId = randomBytes(12).toString('hex');
  await linkExternalId(person.id, mongoId);
  const { data } = await person.supabase.auth.getSession();
  if (data.session === null) throw new Error('not signed in');
  const { access_token: token, refresh_token: refreshToken } = data.session;
  return { ...person, mongoId, token, refreshToken };
}

/** New people who may write to each other, because they share a community. */
export async function newChatPeople<Count extends number>(count: Count): Promise<ChatPerson[]> {
  const people = await Promise.all(Array.from({ length: count }, newChatPerson));
  const [owner, ...others] = people;
  if (owner !== undefined) await newCommunity(owner, others);
  return people;
}

/** The thread's id as the contract says it: both ids in the order of their bytes. */
export function threadIdOf(one: ChatPerson, other: ChatPerson): string {
  return [one.mongoId, other.mongoId].sort().join('_');
}

async function linkExternalId(userId: string, externalId: string): Promise<void> {
  const { apiUrl, secretKey } = inject('stack');
  const { error } = await createClient(apiUrl, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: WebSocket as never },
  }).rpc('link_external_identity', {
    p_user_id: userId,
    p_provider: 'mongo',
    p_external_id: externalId,
  });
  if (error !== null) throw new Error(error.message);
}
