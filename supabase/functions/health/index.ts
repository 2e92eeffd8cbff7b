// health: for an uptime monitor. With the publishable key it answers 200 or 503 and the bare status; with the secret key
// also the names of the problems. Whoever has no key of the project gets 401.
import { createClient } from '@supabase/supabase-js';

const keys = (name: string): string[] => Object.values(JSON.parse(Deno.env.get(name) ?? '{}'));

const publishableKeys = keys('SUPABASE_PUBLISHABLE_KEYS');
const secretKeys = keys('SUPABASE_SECRET_KEYS');
const url = Deno.env.get('SUPABASE_URL');
const secretKey = secretKeys[0];

Deno.serve(async (request) => {
  const key = request.headers.get('apikey') ?? '';
  const isSecret = secretKeys.includes(key);
  if (!isSecret && !publishableKeys.includes(key)) {
    return Response.json(
      { code: 'session_required', message: 'Send an API key.' },
      { status: 401 },
    );
  }
  if (!url || !secretKey) {
    return Response.json(
      {
        code: 'provider_unavailable',
        message: 'The function has no URL or no secret key to work with.',
      },
      { status: 503 },
    );
  }

  const { data, error } = await createClient(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  }).rpc('platform_health');
  if (error) {
    // The reason goes to the function's log; a stranger with the publishable key learns only that it does not work.
    console.error('platform_health failed:', error.code, error.message);
    return Response.json({ status: 'down' }, { status: 503 });
  }
  return Response.json(isSecret ? data : { status: data.status }, {
    status: data.status === 'ok' ? 200 : 503,
  });
});
