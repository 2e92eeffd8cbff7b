import { createHash, timingSafeEqual } from 'node:crypto';
import { type Claims, type Role, TokenRefused, verifyToken } from './token.ts';

export interface ProjectKeys {
  jwtSecret: string;
  publishableKey: string;
  secretKey: string;
}

/** Says who is behind a project key or an access token. */
export class Credentials {
  readonly #keys: ProjectKeys;

  constructor(keys: ProjectKeys) {
    this.#keys = keys;
  }

  /** The role a project key stands for, or null when it is no key of this project. */
  roleOfKey(key: string | null): Role | null {
    if (key === null) return null;
    if (sameSecret(key, this.#keys.secretKey)) return 'service_role';
    if (sameSecret(key, this.#keys.publishableKey)) return 'anon';
    return null;
  }

  /** Claims of an access token. A client without a session sends its project key in a token's place. Throws TokenRefused. */
  claimsOf(token: string): Claims {
    const role = this.roleOfKey(token);
    if (role !== null) return { role };
    if (token.startsWith('sb_')) {
      throw new TokenRefused(
        'InvalidJWTToken',
        'The API key provided is not a key of this project',
      );
    }
    return verifyToken(token, this.#keys.jwtSecret);
  }
}

/** Hashing first makes the lengths equal, so that the comparison tells nothing about the secret's. */
function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
