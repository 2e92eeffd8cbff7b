import { createHmac, timingSafeEqual } from 'node:crypto';
import { isJsonObject, type JsonObject } from './protocol.ts';

const roles = ['anon', 'authenticated', 'service_role'] as const;
export type Role = (typeof roles)[number];

/** What the policies see as `request.jwt.claims`. `exp` is in seconds; a project key's claims have none. */
export interface Claims extends JsonObject {
  role: Role;
  sub?: string;
  exp?: number;
}

/** The token does not say who is asking. `code` and `message` are worded as the platform words them. */
export class TokenRefused extends Error {
  override name = 'TokenRefused';
  readonly code: 'MalformedJWT' | 'JwtSignerError' | 'JwtSignatureError' | 'InvalidJWTToken';

  constructor(code: TokenRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The claims of an HS256 token that is signed with `secret` and valid now. Throws TokenRefused.
 * The platform looks at `exp` only; `nbf` is checked here too.
 */
export function verifyToken(token: string, secret: string, nowMs = Date.now()): Claims {
  const [head, body, signature, ...rest] = token.trim().split('.');
  if (!head || !body || !signature || rest.length > 0) throw malformed();
  const header = decodePart(head);
  const claims = decodePart(body);
  if (header.alg !== 'HS256') {
    throw new TokenRefused('JwtSignerError', 'Only tokens signed with HS256 are accepted here');
  }
  const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new TokenRefused('JwtSignatureError', 'Failed to validate JWT signature');
  }

  const { role, exp, nbf, sub } = claims;
  if (role === undefined || typeof exp !== 'number') {
    throw new TokenRefused('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT');
  }
  const now = Math.floor(nowMs / 1000);
  if (exp <= now) {
    throw new TokenRefused(
      'InvalidJWTToken',
      `Token has expired ${now - Math.floor(exp)} seconds ago`,
    );
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) {
    throw new TokenRefused('InvalidJWTToken', 'Token is not valid yet');
  }
  if (!isRole(role)) {
    throw new TokenRefused('InvalidJWTToken', `Field \`role\` must be one of ${roles.join(', ')}`);
  }
  if (sub !== undefined && typeof sub !== 'string') {
    throw new TokenRefused('InvalidJWTToken', 'Field `sub` must be a string');
  }
  return claims as Claims;
}

function isRole(value: unknown): value is Role {
  return roles.includes(value as Role);
}

function decodePart(part: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch {}
  throw malformed();
}

function malformed(): TokenRefused {
  return new TokenRefused('MalformedJWT', 'The token provided is not a valid JWT');
}
