/** Characters. */
const MAX_TOKEN = 8_000;

/** The token of a bearer, before anybody has looked what it is worth; null: there is none that could be one. */
export function bearerOf(request: Request): string | null {
  const authorization = request.headers.get('authorization') ?? '';
  return tokenIn(/^bearer +(\S+)$/i.exec(authorization)?.[1]);
}

/** Three parts of base64url, in a header that servers take. A key, or nothing at all, is no session. */
export function tokenIn(text: string | undefined): string | null {
  if (text === undefined || text.length > MAX_TOKEN) return null;
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) ? text : null;
}
