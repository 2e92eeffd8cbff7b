import { type Caller, MissingPartition } from './authorization.ts';
import type { RelayContext } from './context.ts';
import { type Broadcast, broadcastBytes, isJsonObject } from './protocol.ts';
import { TokenRefused } from './token.ts';
import type { TopicName } from './topics.ts';

const path = '/realtime/v1/api/broadcast';

/** Browsers ask before they send from another origin; the key decides, not the origin. */
const crossOrigin = { 'access-control-allow-origin': '*' };
const preflight = {
  ...crossOrigin,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, apikey, content-type, x-client-info',
};

interface Addressed {
  topic: TopicName;
  broadcast: Broadcast;
}

/** Ends the handling of a request with this answer. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Broadcasts sent over HTTP: a batch in the body, or one message named by the path. Answers null when the request is
 * for somebody else.
 */
export async function handleBroadcastRequest(
  context: RelayContext,
  request: Request,
): Promise<Response | null> {
  const url = new URL(request.url);
  const single = /^\/([^/]+)\/events\/([^/]+)$/.exec(url.pathname.slice(path.length));
  if (!url.pathname.startsWith(path) || (url.pathname !== path && single === null)) return null;
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: preflight });
  try {
    if (request.method !== 'POST') throw new Refusal(405, 'Method not allowed');
    const caller = identify(context, request, url);
    const body = await readBody(request, context.limits.frameBytes);
    if (single === null) await sendBatch(context, caller, body);
    else await sendOne(context, caller, request, url, single, body);
    return new Response(null, { status: 202, headers: crossOrigin });
  } catch (error) {
    if (error instanceof Refusal) {
      return answer(error.status, error.message);
    }
    context.log(`failed on a broadcast over HTTP: ${error}`);
    return answer(500, 'Unable to authorize broadcast');
  }
}

function answer(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: crossOrigin });
}

function identify(context: RelayContext, request: Request, url: URL): Caller {
  const key = request.headers.get('apikey') ?? url.searchParams.get('apikey');
  if (key === null) throw new Refusal(401, 'No API key found in request');
  if (context.credentials.roleOfKey(key) === null) throw new Refusal(401, 'Invalid API key');
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  try {
    return {
      claims: context.credentials.claimsOf(bearer ?? key),
      headers: Object.fromEntries(request.headers),
    };
  } catch (error) {
    if (error instanceof TokenRefused) throw new Refusal(401, error.message);
    throw error;
  }
}

async function readBody(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body === null) return Buffer.alloc(0);
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > limit) throw new Refusal(413, 'The request body is too large');
  }
  return Buffer.concat(chunks);
}

/** Messages to a private topic the caller may not send to are left out without a word, as on the platform. */
async function sendBatch(context: RelayContext, caller: Caller, body: Buffer): Promise<void> {
  const batch = parseJson(body);
  const messages = isJsonObject(batch) ? batch.messages : undefined;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new Refusal(422, 'messages must be a list of {topic, event, payload, private}');
  }
  const addressed = messages.map((message) => batchMessage(context, message));
  const allowed = new Map<string, boolean>();
  for (const { topic, broadcast } of addressed) {
    let permitted = allowed.get(topic.name) ?? !topic.private;
    if (topic.private && !allowed.has(topic.name)) {
      permitted = await maySend(context, topic.name, caller);
      allowed.set(topic.name, permitted);
    }
    if (permitted) context.topics.find(topic)?.broadcast(broadcast);
  }
}

function batchMessage(context: RelayContext, message: unknown): Addressed {
  const { topic, event, payload, private: isPrivate } = isJsonObject(message) ? message : {};
  if (typeof topic !== 'string' || topic === '') throw new Refusal(422, "topic can't be blank");
  if (typeof event !== 'string' || event === '') throw new Refusal(422, "event can't be blank");
  if (!isJsonObject(payload)) throw new Refusal(422, 'payload must be an object');
  const broadcast: Broadcast = { kind: 'json', event, payload: JSON.stringify(payload) };
  checkSize(context, broadcast);
  return { topic: { name: topic, private: isPrivate === true }, broadcast };
}

async function sendOne(
  context: RelayContext,
  caller: Caller,
  request: Request,
  url: URL,
  [, topicPart = '', eventPart = '']: RegExpExecArray,
  body: Buffer,
): Promise<void> {
  const name = decodePathPart(topicPart);
  const event = decodePathPart(eventPart);
  const isPrivate = url.searchParams.get('private') === 'true';
  const isBinary = request.headers.get('content-type')?.startsWith('application/octet-stream');
  const broadcast: Broadcast = isBinary
    ? { kind: 'binary', event, payload: new Uint8Array(body) }
    : { kind: 'json', event, payload: JSON.stringify(parseJson(body)) };
  checkSize(context, broadcast);
  if (isPrivate && !(await maySend(context, name, caller))) throw new Refusal(403, 'Unauthorized');
  context.topics.find({ name, private: isPrivate })?.broadcast(broadcast);
}

async function maySend(context: RelayContext, topic: string, caller: Caller): Promise<boolean> {
  // The secret key stands above the policies.
  if (caller.claims.role === 'service_role') return true;
  try {
    return await context.authorization.maySend(topic, 'broadcast', caller);
  } catch (error) {
    const missing = error instanceof MissingPartition;
    context.log(`could not check the rights on "${topic}": ${error}`);
    throw new Refusal(422, missing ? 'Missing messages partition' : 'RLS policy error');
  }
}

function checkSize(context: RelayContext, broadcast: Broadcast): void {
  if (broadcastBytes(broadcast) > context.limits.payloadBytes) {
    throw new Refusal(422, 'Payload size exceeds tenant limit');
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(422, 'The request body is not JSON');
  }
}

function decodePathPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(422, 'The path is not valid');
  }
}
