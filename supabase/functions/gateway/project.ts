import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { failed } from './refusal.ts';

/** What a client may know of the project: its address and its publishable key, which is made to be public. */
export interface ProjectSettings {
  readonly url: string;
  readonly anonKey: string;
}

const url = Deno.env.get('SUPABASE_URL') ?? '';
const [publishableKey = ''] = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_PUBLISHABLE_KEYS') ?? '{}'),
);
// Where clients reach the project by another address than its functions do.
const publicUrl = Deno.env.get('GUILDHALL_PUBLIC_URL') || url;

export const isOverTls = publicUrl.startsWith('https:');

export function projectSettings(): ProjectSettings {
  if (publicUrl === '' || publishableKey === '') throw failed(503, 'provider_unavailable');
  return { url: publicUrl, anonKey: publishableKey };
}

/** A client without a session and with the publishable key: who may do what is told by the token of each call. */
export function newClient(): SupabaseClient {
  if (url === '' || publishableKey === '') throw failed(503, 'provider_unavailable');
  return createClient(url, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

let shared: SupabaseClient | undefined;

/** The one client of all calls that bring their token along. Nothing may sign in on it. */
export function sharedClient(): SupabaseClient {
  shared ??= newClient();
  return shared;
}
