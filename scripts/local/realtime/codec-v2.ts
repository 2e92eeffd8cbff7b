import {
  type Broadcast,
  broadcastBody,
  type ClientMessage,
  type Codec,
  clientMessage,
  MalformedMessage,
} from './protocol.ts';

const broadcastFromClient = 3;
const broadcastToClient = 4;
const binaryEncoding = 0;
const jsonEncoding = 1;
/** Lengths in a frame's head are one byte each. */
const longestField = 255;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Serialiser 2.0.0: a message is the JSON array [join_ref, ref, topic, event, payload] in a text frame. A broadcast
 * is a binary frame: a head of one-byte lengths, the names, and then the payload as JSON text or as raw bytes.
 */
export const codecV2: Codec = {
  version: '2.0.0',

  decode(data, isBinary) {
    if (isBinary) return decodeBroadcast(data);
    let message: unknown;
    try {
      message = JSON.parse(data.toString('utf8'));
    } catch {
      throw new MalformedMessage('the frame is not JSON');
    }
    if (!Array.isArray(message) || message.length < 5) {
      throw new MalformedMessage('a message is [join_ref, ref, topic, event, payload]');
    }
    const [joinRef, ref, topic, event, payload] = message;
    return clientMessage(joinRef, ref, topic, event, payload);
  },

  encode({ joinRef, ref, topic, event, payload }) {
    return JSON.stringify([joinRef, ref, topic, event, payload]);
  },

  encodeBroadcast(topic, broadcast) {
    const frame = broadcast.kind === 'verbatim' ? null : broadcastFrame(topic, broadcast);
    if (frame !== null) return frame;
    const body = broadcastBody(broadcast);
    return body === null ? null : `[null,null,${JSON.stringify(topic)},"broadcast",${body}]`;
  },
};

/** Null when a name is too long for the one-byte lengths. */
function broadcastFrame(
  topic: string,
  broadcast: Exclude<Broadcast, { kind: 'verbatim' }>,
): Uint8Array | null {
  const names = [
    Buffer.from(topic),
    Buffer.from(broadcast.event),
    Buffer.from(broadcast.meta === undefined ? '' : JSON.stringify(broadcast.meta)),
  ];
  if (names.some((name) => name.length > longestField)) return null;
  const encoding = broadcast.kind === 'json' ? jsonEncoding : binaryEncoding;
  const head = Buffer.from([broadcastToClient, ...names.map((name) => name.length), encoding]);
  const payload =
    broadcast.kind === 'json' ? Buffer.from(broadcast.payload) : Buffer.from(broadcast.payload);
  return Buffer.concat([head, ...names, payload]);
}

function decodeBroadcast(frame: Buffer): ClientMessage {
  if (frame[0] !== broadcastFromClient) {
    throw new MalformedMessage(`a client sends no frames of kind ${frame[0]}`);
  }
  const headLength = 7;
  const lengths = [...frame.subarray(1, 6)];
  const bodyStart = headLength + lengths.reduce((sum, length) => sum + length, 0);
  if (frame.length < headLength || frame.length < bodyStart) {
    throw new MalformedMessage('the frame is shorter than its head says');
  }
  let offset = headLength;
  // The fifth name is metadata. It stays behind: only the server says where a broadcast comes from.
  const [joinRef, ref, topic, event] = lengths.map((length) => {
    const name = frame.toString('utf8', offset, offset + length);
    offset += length;
    return name;
  }) as [string, string, string, string];
  const body = frame.subarray(bodyStart);
  return {
    joinRef: joinRef === '' ? null : joinRef,
    ref: ref === '' ? null : ref,
    topic,
    event: 'broadcast',
    payload: {},
    broadcast: {
      ...(frame[6] === binaryEncoding
        ? { kind: 'binary', payload: new Uint8Array(body) }
        : { kind: 'json', payload: jsonText(body) }),
      event,
    },
  };
}

/** The text is put into other clients' frames as it is, so it must be one JSON value and nothing after it. */
function jsonText(body: Buffer): string {
  try {
    const text = strictUtf8.decode(body);
    JSON.parse(text);
    return text;
  } catch {
    throw new MalformedMessage('the payload of a broadcast is not JSON');
  }
}
