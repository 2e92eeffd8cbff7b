import { Refusal } from '../_shared/refusal.ts';

/** Origins whose pages may ask, with their cookies. Exact, as browsers send them: `https://app.example.com`. */
const allowedOrigins = new Set(
  (Deno.env.get('GUILDHALL_ALLOWED_ORIGINS') ?? '')
    .split(',')
    .map((origin) => origin.trim().replace(/\/$/, ''))
    .filter((origin) => /^https?:\/\//.test(origin)),
);

/** Whether a page on the list asks. Who sends no Origin is no page of another site: an app, a server, or a page asking its own. */
export function isListed(request: Request): boolean {
  return allowedOrigins.has(request.headers.get('origin') ?? '');
}

export function originNotAllowed(): Refusal {
  return new Refusal(403, 'origin_not_allowed', 'Pages of this origin may not ask here.');
}

/** Refuses pages that are not on the list. Browsers hide the answer from them; this also keeps them from writing. */
export function refuseForeignPages(request: Request): void {
  if (request.headers.has('origin') && !isListed(request)) throw originNotAllowed();
}

/** What lets a listed page read the answer. Never `*`: the answer depends on the origin, and caches must know. */
export function corsHeaders(request: Request): Record<string, string> {
  if (!isListed(request)) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': request.headers.get('origin') ?? '',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'retry-after, x-request-id',
  };
}

/** Answers a browser that asks whether it may ask. */
export function preflight(request: Request): Response {
  if (!isListed(request)) return new Response(null, { status: 403, headers: { vary: 'origin' } });
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(request),
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers':
        'apikey, authorization, content-type, x-client-info, x-request-id',
      'access-control-max-age': '600',
    },
  });
}
