import { bearerOf, tokenIn } from '../_shared/bearer.ts';
import { sessionRequired } from '../_shared/refusal.ts';
import { isListed, originNotAllowed } from './origins.ts';
import { isOverTls } from './project.ts';

/** Set by the application's server when somebody signs in; HttpOnly, so that no script of a page reads them. */
const ACCESS_COOKIE = 'guildhall-access-token';
const REFRESH_COOKIE = 'guildhall-refresh-token';
/** As long as browsers keep a cookie at most. How long the session lasts is the auth server's to say. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;

/** What a request brings along of a session, before anybody has looked whether it is worth anything. */
export interface BroughtSession {
  readonly token: string | null;
  /** Only of cookies: who sends a bearer keeps their refresh token to themselves. */
  readonly refreshToken: string | null;
}

/**
 * The session of a request. A bearer goes before cookies, also a wrong one: whoever sends it means it. Browsers send
 * cookies unasked, so with them a request that writes must say that a listed page made it.
 */
export function sessionBroughtBy(request: Request): BroughtSession {
  if (request.headers.has('authorization')) {
    return { token: bearerOf(request), refreshToken: null };
  }
  const cookies = cookiesOf(request);
  const token = tokenIn(cookies.get(ACCESS_COOKIE));
  const refreshToken = cookies.get(REFRESH_COOKIE) || null;
  const hasSession = token !== null || refreshToken !== null;
  if (hasSession && request.method !== 'GET' && !isListed(request)) throw originNotAllowed();
  return { token, refreshToken };
}

/** The token by which the database is asked; what it is worth is the database's to judge. */
export function requireToken(request: Request): string {
  const { token } = sessionBroughtBy(request);
  if (token === null) throw sessionRequired();
  return token;
}

/** The headers that put a renewed session in place of the one that the cookies held. */
export function sessionCookies(accessToken: string, refreshToken: string): [string, string][] {
  const domain = Deno.env.get('GUILDHALL_COOKIE_DOMAIN');
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${COOKIE_SECONDS}`,
    ...(isOverTls ? ['Secure'] : []),
    ...(domain ? [`Domain=${domain}`] : []),
  ].join('; ');
  return [
    ['set-cookie', `${ACCESS_COOKIE}=${accessToken}; ${attributes}`],
    ['set-cookie', `${REFRESH_COOKIE}=${refreshToken}; ${attributes}`],
  ];
}

function cookiesOf(request: Request): Map<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim(), value.join('=').trim()] as const;
  });
  // Of two with one name browsers send the one first that fits the address better.
  return new Map(pairs.reverse());
}
