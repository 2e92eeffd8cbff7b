/**
 * Refuses whoever is not this project's database, which sends the secret that it shares with its functions
 * (call_edge_function); null: it is. Without a secret in the environment nobody is.
 */
export async function refuseStrangers(request: Request): Promise<Response | null> {
  const secret = Deno.env.get('GUILDHALL_FUNCTIONS_SECRET') ?? '';
  if (secret === '') {
    return Response.json(
      { code: 'provider_unavailable', message: 'GUILDHALL_FUNCTIONS_SECRET is not set.' },
      { status: 503 },
    );
  }
  if (await isSame(request.headers.get('x-guildhall-secret') ?? '', secret)) return null;
  return Response.json(
    { code: 'session_required', message: 'Only the database calls this.' },
    { status: 401 },
  );
}

/** Hashes are of one length, and all of them is compared, so the time says nothing about what differs. */
async function isSame(given: string, secret: string): Promise<boolean> {
  const [one, other] = await Promise.all([given, secret].map(digest));
  if (one === undefined || other === undefined) return false;
  return one.reduce((differing, byte, at) => differing | (byte ^ (other[at] ?? 0)), 0) === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
