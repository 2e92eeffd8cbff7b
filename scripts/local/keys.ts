import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generateApiKey } from '@supabase/lite';

/** The secrets of one local stack. Made at the first start, never committed. */
export interface Keys {
  publishableKey: string;
  secretKey: string;
  /** Signs users' access tokens (HS256). */
  jwtSecret: string;
  /** Password of the role `postgres`, where the database is reached by URL. */
  databasePassword: string;
}

export async function generateKeys(): Promise<Keys> {
  return {
    publishableKey: (await generateApiKey('publishable')).key,
    secretKey: (await generateApiKey('secret')).key,
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(24).toString('base64url'),
  };
}

/** Reads the keys of this folder, or makes them, readable by their owner only. */
export async function loadKeys(file: string): Promise<Keys> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Keys;
  const keys = await generateKeys();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}
