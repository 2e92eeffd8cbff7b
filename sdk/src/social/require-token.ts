import { GuildhallError } from '../errors.ts';

/**
 * What looks like an access token: three parts of base64url. A key, or nothing at all, is no session; what a token is worth
 * is the server's to judge.
 *
 * @throws {GuildhallError} `session_required`
 */
export function requireToken(token: string | null | undefined): string {
  if (typeof token === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return token;
  throw sessionRequired();
}

export function sessionRequired(cause?: unknown): GuildhallError {
  return new GuildhallError({ code: 'session_required', message: 'Sign in first.', cause });
}
