import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { failed } from './refusal.ts';

/** Where functions reach the project. Empty where nobody said. */
export const projectUrl = Deno.env.get('SUPABASE_URL') ?? '';
/** Made to be public; what it opens, anybody may open. */
export const [publishableKey = ''] = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_PUBLISHABLE_KEYS') ?? '{}'),
);

/** A client without a session and with the publishable key: who may do what is told by the token of each call. */
export function newClient(): SupabaseClient {
  if (projectUrl === '' || publishableKey === '') throw failed(503, 'provider_unavailable');
  return createClient(projectUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

let shared: SupabaseClient | undefined;

/** The one client of all calls that bring their token along. Nothing may sign in on it. */
export function sharedClient(): SupabaseClient {
  shared ??= newClient();
  return shared;
}
