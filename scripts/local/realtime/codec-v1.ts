import {
  broadcastBody,
  type Codec,
  clientMessage,
  isJsonObject,
  MalformedMessage,
} from './protocol.ts';

/** Serialiser 1.0.0: each message is one JSON object in a text frame. It has no binary payloads. */
export const codecV1: Codec = {
  version: '1.0.0',

  decode(data, isBinary) {
    if (isBinary) throw new MalformedMessage('serialiser 1.0.0 has no binary frames');
    let message: unknown;
    try {
      message = JSON.parse(data.toString('utf8'));
    } catch {
      throw new MalformedMessage('the frame is not JSON');
    }
    if (!isJsonObject(message)) throw new MalformedMessage('a message is a JSON object');
    const { join_ref, ref, topic, event, payload } = message;
    return clientMessage(join_ref, ref, topic, event, payload);
  },

  encode({ ref, topic, event, payload }) {
    return JSON.stringify({ topic, event, payload, ref });
  },

  encodeBroadcast(topic, broadcast) {
    const body = broadcastBody(broadcast);
    if (body === null) return null;
    return `{"topic":${JSON.stringify(topic)},"event":"broadcast","payload":${body},"ref":null}`;
  },
};
