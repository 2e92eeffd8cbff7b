import { GuildhallError } from '../errors.ts';

/** 4,000 characters, each as two escapes of JSON, and what stands around them. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a request's body, no further than it may be long.
 *
 * @throws {GuildhallError} `payload_too_large` (413), `invalid_argument` where it is no JSON object
 */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) throw payloadTooLarge();
  const value = parse(await readBytes(request));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noObject();
  return value as Record<string, unknown>;
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BYTES);
  const reader = request.body?.getReader();
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return bytes.subarray(0, length);
    if (length + chunk.value.length > MAX_BYTES) {
      await reader?.cancel();
      throw payloadTooLarge();
    }
    bytes.set(chunk.value, length);
    length += chunk.value.length;
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw noObject();
  }
}

function noObject(): GuildhallError {
  return new GuildhallError({
    code: 'invalid_argument',
    message: 'Send a JSON object in valid Unicode.',
  });
}

function payloadTooLarge(): GuildhallError {
  return new GuildhallError({
    code: 'payload_too_large',
    message: `A request has at most ${MAX_BYTES} bytes.`,
    status: 413,
  });
}
