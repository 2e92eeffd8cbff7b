// health: for an uptime monitor. With the publishable key it answers 200 or 503 and the bare status; with the secret key
// also the names of the problems. Whoever has no key of the project gets 401.
import { callAsServer } from '../_shared/server-database.ts';

const keys = (name: string): string[] => Object.values(JSON.parse(Deno.env.get(name) ?? '{}'));

const publishableKeys = keys('SUPABASE_PUBLISHABLE_KEYS');
const secretKeys = keys('SUPABASE_SECRET_KEYS');

Deno.serve(async (request) => {
  const key = request.headers.get('apikey') ?? '';
  const isSecret = secretKeys.includes(key);
  if (!isSecret && !publishableKeys.includes(key)) {
    return Response.json(
      { code: 'session_required', message: 'Send an API key.' },
      { status: 401 },
    );
  }
  try {
    const health = await callAsServer<{ status: string }>('platform_health');
    return Response.json(isSecret ? health : { status: health.status }, {
      status: health.status === 'ok' ? 200 : 503,
    });
  } catch (error) {
    // The reason goes to the function's log; a stranger with the publishable key learns only that it does not work.
    console.error((error as Error).message);
    return Response.json({ status: 'down' }, { status: 503 });
  }
});
