import { createHmac, timingSafeEqual } from 'node:crypto';
import { StorageError } from './storage-error.ts';

/** What a signed URL lets its bearer do, whoever that is: read one object, or put one there in its maker's name. */
export interface Grant {
  use: 'read' | 'upload';
  /** `<bucket>/<path>`. */
  url: string;
  /** Whose the uploaded object is. */
  owner?: string;
}

/** A key of its own: a signed URL is no access token. */
const sign = (secret: string, text: string) =>
  createHmac('sha256', `storage url ${secret}`).update(text).digest('base64url');

export function signGrant(grant: Grant, expiresIn: number, secret: string): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...grant, iat: now, exp: now + expiresIn })}`;
  return `${text}.${sign(secret, text)}`;
}

/** The grant of a token that is ours, for this use of this object, and not over. @throws StorageError for any other */
export function readGrant(
  token: string,
  wanted: Pick<Grant, 'use' | 'url'>,
  secret: string,
): Grant {
  const [head = '', body = '', signature = ''] = token.split('.');
  const expected = Buffer.from(sign(secret, `${head}.${body}`));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new StorageError(400, 'InvalidJWT', 'signature verification failed');
  }
  const grant = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (grant.exp <= Date.now() / 1000) {
    throw new StorageError(400, 'InvalidJWT', '"exp" claim timestamp check failed');
  }
  if (grant.use !== wanted.use || grant.url !== wanted.url) {
    throw new StorageError(400, 'InvalidSignature', 'Invalid signature');
  }
  return grant;
}
