import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TokenRefused, verifyToken } from './token.ts';

const secret = 'a-secret-of-at-least-thirty-two-characters';
const now = 1_800_000_000;

function sign(header: object, claims: object, key = secret, hash = 'sha256'): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, key).update(body).digest('base64url')}`;
}

const hs256 = { alg: 'HS256', typ: 'JWT' };
const claims = { role: 'authenticated', sub: 'a-user', exp: now + 60 };
const verify = (token: string) => verifyToken(token, secret, now * 1000);

/** The refusal's code and message. */
function refusal(token: string): string {
  try {
    verify(token);
  } catch (error) {
    if (error instanceof TokenRefused) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('verifyToken', () => {
  it('gives the claims of a token that is signed and still valid', () => {
    expect(verify(sign(hs256, claims))).toEqual(claims);
  });

  it.each(['anon', 'authenticated', 'service_role'])('accepts the role %s', (role) => {
    expect(verify(sign(hs256, { ...claims, role })).role).toBe(role);
  });

  it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', '..', 'bnVsbA.bnVsbA.x'])(
    'refuses %j as no token at all',
    (token) => {
      expect(refusal(token)).toBe('MalformedJWT: The token provided is not a valid JWT');
    },
  );

  it("refuses another secret's signature", () => {
    const reason = 'JwtSignatureError: Failed to validate JWT signature';
    expect(refusal(sign(hs256, claims, 'another secret'))).toBe(reason);
    expect(refusal(sign(hs256, claims).slice(0, -4))).toBe(reason);
  });

  it('refuses claims that were changed after signing', () => {
    const [head, , signature] = sign(hs256, claims).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, role: 'service_role' }));
    expect(refusal(`${head}.${forged.toString('base64url')}.${signature}`)).toMatch(
      /^JwtSignatureError/,
    );
  });

  it.each([{ alg: 'none' }, { alg: 'HS512' }, { alg: 'RS256' }, {}])(
    'refuses the header %j, whatever the signature',
    (header) => {
      expect(refusal(sign(header, claims))).toMatch(/^JwtSignerError/);
      expect(refusal(sign(header, claims, secret, 'sha512'))).toMatch(/^JwtSignerError/);
    },
  );

  it('refuses a token from the second it expires', () => {
    expect(refusal(sign(hs256, { ...claims, exp: now + 1 }))).toBe('accepted');
    expect(refusal(sign(hs256, { ...claims, exp: now }))).toBe(
      'InvalidJWTToken: Token has expired 0 seconds ago',
    );
    expect(refusal(sign(hs256, { ...claims, exp: now - 5 }))).toBe(
      'InvalidJWTToken: Token has expired 5 seconds ago',
    );
  });

  it('refuses a token before it is valid', () => {
    expect(refusal(sign(hs256, { ...claims, nbf: now }))).toBe('accepted');
    expect(refusal(sign(hs256, { ...claims, nbf: now + 1 }))).toBe(
      'InvalidJWTToken: Token is not valid yet',
    );
  });

  it.each([{ exp: now + 60 }, { role: 'anon' }, { role: 'anon', exp: 'tomorrow' }])(
    'refuses the claims %j, which lack a role or an expiry',
    (incomplete) => {
      expect(refusal(sign(hs256, incomplete))).toBe(
        'InvalidJWTToken: Fields `role` and `exp` are required in JWT',
      );
    },
  );

  it.each(['postgres', 'supabase_admin', '', 1])('refuses the role %j', (role) => {
    expect(refusal(sign(hs256, { ...claims, role }))).toMatch(/^InvalidJWTToken: Field `role`/);
  });
});
