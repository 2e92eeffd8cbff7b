/** The Phoenix channel protocol as Realtime clients speak it, apart from how a message is spelled on the wire. */

export type JsonObject = Record<string, unknown>;

/**
 * A broadcast on its way to subscribers. Payloads stay the text they came as: parsing and printing them again would
 * cost time and round large integers.
 */
export type Broadcast =
  | { kind: 'json'; event: string; payload: string; meta?: JsonObject }
  | { kind: 'binary'; event: string; payload: Uint8Array; meta?: JsonObject }
  /** The complete message body of a client that spelled its broadcast as plain JSON, extra keys and all. */
  | { kind: 'verbatim'; body: string };

export interface ClientMessage {
  joinRef: string | null;
  ref: string | null;
  /** As on the wire: `realtime:` and the channel's name, or `phoenix`. */
  topic: string;
  event: string;
  /** Empty when the message is a broadcast in a binary frame. */
  payload: JsonObject;
  /** Set when `event` is `broadcast`. */
  broadcast: Broadcast | null;
}

interface ServerMessage {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: JsonObject;
}

/** One serialiser version of the protocol. */
export interface Codec {
  readonly version: string;
  /** Throws MalformedMessage. */
  decode(data: Buffer, isBinary: boolean): ClientMessage;
  encode(message: ServerMessage): string;
  /** Null when this version has no way to carry it. */
  encodeBroadcast(topic: string, broadcast: Broadcast): string | Uint8Array | null;
}

export class MalformedMessage extends Error {
  override name = 'MalformedMessage';
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Puts a decoded message together, or throws MalformedMessage when a part has the wrong type. */
export function clientMessage(
  joinRef: unknown,
  ref: unknown,
  topic: unknown,
  event: unknown,
  payload: unknown,
): ClientMessage {
  if (typeof topic !== 'string' || typeof event !== 'string') {
    throw new MalformedMessage('a message needs a topic and an event');
  }
  if (payload !== undefined && payload !== null && !isJsonObject(payload)) {
    throw new MalformedMessage('the payload of a message is an object');
  }
  const body = payload ?? {};
  return {
    joinRef: reference(joinRef),
    ref: reference(ref),
    topic,
    event,
    payload: body,
    broadcast: event === 'broadcast' ? { kind: 'verbatim', body: JSON.stringify(body) } : null,
  };
}

/** The complete body of a broadcast as JSON text, or null for a binary one. */
export function broadcastBody(broadcast: Broadcast): string | null {
  if (broadcast.kind === 'verbatim') return broadcast.body;
  if (broadcast.kind === 'binary') return null;
  const meta = broadcast.meta === undefined ? '' : `,"meta":${JSON.stringify(broadcast.meta)}`;
  return `{"type":"broadcast","event":${JSON.stringify(broadcast.event)},"payload":${broadcast.payload}${meta}}`;
}

/** Size of what the sender sent, in bytes. */
export function broadcastBytes(broadcast: Broadcast): number {
  if (broadcast.kind === 'verbatim') return Buffer.byteLength(broadcast.body);
  if (broadcast.kind === 'json') return Buffer.byteLength(broadcast.payload);
  return broadcast.payload.byteLength;
}

function reference(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}
