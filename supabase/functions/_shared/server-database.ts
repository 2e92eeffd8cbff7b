import { createClient, type SupabaseClient } from '@supabase/supabase-js';

const url = Deno.env.get('SUPABASE_URL');
const [secretKey] = Object.values<string>(JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}'));

let client: SupabaseClient | undefined;

/** The project as its own server has it: with the secret key, for which no row's rules hold. Throws where a function has no key. */
export function serverClient(): SupabaseClient {
  if (!url || !secretKey) throw new Error('there is no URL or no secret key to work with');
  client ??= createClient(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  return client;
}

const TIMEOUT_MS = 10_000;

/**
 * Calls one function of the database as the server. Throws what may go into a log: codes only, as messages of PostgreSQL may quote what
 * somebody wrote.
 */
export async function callAsServer<T>(
  name: string,
  args: Record<string, unknown> = {},
): Promise<T> {
  const { data, error, status } = await serverClient()
    .rpc(name, args)
    .abortSignal(AbortSignal.timeout(TIMEOUT_MS));
  if (error) throw new Error(`${name} failed: status ${status}, ${error.code}`);
  return data as T;
}
