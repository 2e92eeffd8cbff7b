/**
 * A random (version 4) uuid, for nonces and request ids.
 *
 * `crypto.randomUUID` is missing on pages without TLS and in React Native, and there `getRandomValues` may be
 * missing too. These ids must be unlikely to collide, not hard to guess, so `Math.random` is good enough then.
 */
export function randomUuid(): string {
  const source = globalThis.crypto as Partial<Crypto> | undefined;
  if (source?.randomUUID) return source.randomUUID();
  const bytes = new Uint8Array(16);
  if (source?.getRandomValues) source.getRandomValues(bytes);
  else for (let index = 0; index < 16; index += 1) bytes[index] = Math.random() * 256;
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
