import { createHmac } from 'node:crypto';
import { inject } from 'vitest';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An access token with these claims, signed as the stack signs its own, or with another secret. */
export function signedToken(
  claims: Record<string, unknown>,
  secret: string = inject('stack').jwtSecret,
): string {
  const seconds = Math.floor(Date.now() / 1000);
  const head = part({ alg: 'HS256', typ: 'JWT' });
  const body = part({
    aud: 'authenticated',
    role: 'authenticated',
    iat: seconds,
    exp: seconds + 600,
    ...claims,
  });
  const signature = createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url');
  return `${head}.${body}.${signature}`;
}
