import { invalidArgument, Refusal } from './refusal.ts';

/** The longest text that anybody sends is a message: 4,000 characters, each as two escapes of JSON, and what stands around them. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the texts of a request's JSON body, no further than it may be long. A field nobody knows is refused, not dropped: who
 * sends it means something by it.
 */
export async function readFields<Name extends string>(
  request: Request,
  required: readonly Name[],
  optional: readonly Name[] = [],
): Promise<Readonly<Record<Name, string | null>>> {
  const fields = await readJsonObject(request);
  const known: readonly string[] = [...required, ...optional];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidArgument(`Only ${known.join(', ')} are taken here.`);
  for (const name of known) {
    const value = fields[name] ?? null;
    const isMissing = value === null && (required as readonly string[]).includes(name);
    if (isMissing || (value !== null && !isText(value))) {
      throw invalidArgument(`${name} must be a text.`);
    }
    fields[name] = value;
  }
  return fields as Record<Name, string | null>;
}

/** Half a character is none, and PostgreSQL has no zero character. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\p{Surrogate}|\0/u.test(value);
}

async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
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
    const chunk = await reader?.read().catch(() => {
      throw invalidArgument('The body did not arrive whole.');
    });
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

function noObject(): Refusal {
  return invalidArgument('Send a JSON object in valid Unicode.');
}

function payloadTooLarge(): Refusal {
  return new Refusal(413, 'payload_too_large', `A request has at most ${MAX_BYTES} bytes.`);
}
