import { newClient, sharedClient } from '../_shared/project-client.ts';
import { failed, type Refusal, sessionRequired, tooFast } from '../_shared/refusal.ts';
import type { Answer } from './answers.ts';
import { projectSettings } from './project.ts';
import { sessionBroughtBy, sessionCookies } from './session.ts';

/** A token that ends within this time is renewed where it can be: clients ask a minute before. */
const ABOUT_TO_END_SECONDS = 120;

/**
 * `GET /auth/token`: `{access_token, expires_at}` of the session, `expires_at` in seconds since 1970; with `?config=1` also
 * `{url, anonKey}`. The auth server has verified the token, so who has signed out gets 401 although the token has not ended yet.
 * A session of cookies is renewed here, and only here, when its token has ended or is about to.
 */
export async function issueToken(request: Request): Promise<Answer> {
  const wantsConfig = new URL(request.url).searchParams.get('config') === '1';
  const { token, refreshToken } = sessionBroughtBy(request);
  if (token !== null && (refreshToken === null || !isAboutToEnd(token))) {
    const refusal = await verify(token);
    if (refusal === null) return answerWith(token, expiryOf(token), wantsConfig);
    if (refusal.status !== 401 || refreshToken === null) throw refusal;
  }
  if (refreshToken === null) throw sessionRequired();
  const renewed = await renew(refreshToken);
  return answerWith(
    renewed.token,
    renewed.expiresAt,
    wantsConfig,
    sessionCookies(renewed.token, renewed.refreshToken),
  );
}

function answerWith(
  token: string,
  expiresAt: number,
  wantsConfig: boolean,
  headers: [string, string][] = [],
): Answer {
  const config = wantsConfig ? projectSettings() : {};
  return { body: { access_token: token, expires_at: expiresAt, ...config }, headers };
}

/** Asks the auth server for the token's user. Null: it is a session. */
async function verify(token: string): Promise<Refusal | null> {
  const { data, error } = await sharedClient().auth.getUser(token);
  if (error !== null) return refusalOf(error);
  return data.user === null ? sessionRequired() : null;
}

interface Renewed {
  readonly token: string;
  readonly refreshToken: string;
  readonly expiresAt: number;
}

async function renew(refreshToken: string): Promise<Renewed> {
  // A client of its own: it keeps the session that it renews, which must not be there for the next caller.
  const { data, error } = await newClient().auth.refreshSession({ refresh_token: refreshToken });
  if (error !== null) throw refusalOf(error);
  const { session } = data;
  if (session === null) throw sessionRequired();
  return {
    token: session.access_token,
    refreshToken: session.refresh_token,
    expiresAt: expiryOf(session.access_token),
  };
}

function refusalOf(error: { status?: number | undefined; code?: string | undefined }): Refusal {
  const status = error.status ?? 0;
  if (status === 429) return tooFast('rate_limited', 'Too many requests.', null);
  if (status >= 400 && status < 500) return sessionRequired();
  console.error(`the auth server failed: status ${status}, ${error.code ?? ''}`);
  return failed(503, 'unavailable');
}

/** Read without a look at the signature: it only tells when to renew, and what a verified token says. */
function expiryOf(token: string): number {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(payload));
    return typeof exp === 'number' ? exp : 0;
  } catch {
    return 0;
  }
}

function isAboutToEnd(token: string): boolean {
  return expiryOf(token) - Date.now() / 1000 < ABOUT_TO_END_SECONDS;
}
