import { RealtimeClient } from '@supabase/supabase-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { codecV1 } from './codec-v1.ts';
import { codecV2 } from './codec-v2.ts';
import { type Broadcast, type Codec, MalformedMessage } from './protocol.ts';

/** What the client's own serialiser makes of things, so that both ends are compared and not two opinions of ours. */
function clientSide(version: string) {
  const client = new RealtimeClient('ws://127.0.0.1:9/realtime/v1', {
    params: { apikey: 'sb_publishable_none' },
    transport: WebSocket as never,
    vsn: version,
  });
  const encode = (message: object): Buffer => {
    let encoded: unknown;
    client.encode(message as never, (result: unknown) => {
      encoded = result;
    });
    return typeof encoded === 'string' ? Buffer.from(encoded) : Buffer.from(encoded as ArrayBuffer);
  };
  const isBinary = (message: object): boolean => {
    let binary = false;
    client.encode(message as never, (result: unknown) => {
      binary = typeof result !== 'string';
    });
    return binary;
  };
  const decode = (frame: string | Uint8Array | null): Record<string, unknown> => {
    let decoded: unknown;
    client.decode(
      (typeof frame === 'string' || frame === null ? frame : new Uint8Array(frame).buffer) as never,
      ((result: unknown) => {
        decoded = result;
      }) as never,
    );
    return decoded as Record<string, unknown>;
  };
  return { encode, isBinary, decode };
}

const codecs: [string, Codec][] = [
  ['1.0.0', codecV1],
  ['2.0.0', codecV2],
];

describe.each(codecs)('serialiser %s', (version, codec) => {
  const client = clientSide(version);
  const receive = (message: object) =>
    codec.decode(client.encode(message), client.isBinary(message));

  it('reads a join as the client writes it', () => {
    const payload = { config: { private: true }, access_token: 'a.b.c' };
    const message = { join_ref: '1', ref: '2', topic: 'realtime:room', event: 'phx_join', payload };
    expect(receive(message)).toEqual({
      joinRef: '1',
      ref: '2',
      topic: 'realtime:room',
      event: 'phx_join',
      payload,
      broadcast: null,
    });
  });

  it('reads a heartbeat, which belongs to no join', () => {
    const message = { ref: '7', topic: 'phoenix', event: 'heartbeat', payload: {} };
    expect(receive(message)).toMatchObject({ joinRef: null, ref: '7', event: 'heartbeat' });
  });

  it('writes a reply as the client reads it', () => {
    const payload = { status: 'ok', response: { postgres_changes: [] } };
    const frame = codec.encode({
      joinRef: '1',
      ref: '2',
      topic: 'realtime:room',
      event: 'phx_reply',
      payload,
    });
    expect(client.decode(frame)).toMatchObject({
      ref: '2',
      topic: 'realtime:room',
      event: 'phx_reply',
      payload,
    });
  });

  it('carries any broadcast from one client to another unchanged', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (event, value) => {
        const payload = { type: 'broadcast', event, payload: { value } };
        // Serialiser 2 writes an event name byte by byte, so only names in ASCII arrive as they were.
        fc.pre(/^[\x20-\x7e]{0,255}$/.test(event));
        const { broadcast } = receive({
          join_ref: '1',
          ref: '2',
          topic: 'realtime:room',
          event: 'broadcast',
          payload,
        });
        const frame = codec.encodeBroadcast('realtime:room', broadcast as Broadcast);
        expect(client.decode(frame)).toMatchObject({
          topic: 'realtime:room',
          event: 'broadcast',
          payload: JSON.parse(JSON.stringify(payload)),
        });
      }),
    );
  });

  it("carries a row's payload as the text it is, with integers beyond 2^53", () => {
    const broadcast: Broadcast = {
      kind: 'json',
      event: 'e',
      payload: '{"n": 9007199254740993}',
      meta: { id: 'i' },
    };
    const frame = codec.encodeBroadcast('realtime:room', broadcast);
    expect(Buffer.from(frame as string).toString()).toContain('9007199254740993');
    expect(client.decode(frame).payload).toMatchObject({ event: 'e', meta: { id: 'i' } });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a bare value', '1'],
    ['an array that is too short', '["1","2"]'],
    ['a topic that is no string', '["1","2",3,"e",{}]'],
    ['an object whose topic is no string', '{"topic":3,"event":"e","payload":{}}'],
    ['a payload that is a list', '["1","2","t","e",[]]'],
    ['an object whose payload is a list', '{"topic":"t","event":"e","payload":[]}'],
  ])('refuses %s', (_, text) => {
    expect(() => codec.decode(Buffer.from(text), false)).toThrow(MalformedMessage);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, isBinary) => {
        try {
          codec.decode(Buffer.from(bytes), isBinary);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
    );
  });
});

describe('serialiser 2.0.0 with binary frames', () => {
  const client = clientSide('2.0.0');
  const bytes = new Uint8Array([0, 255, 1, 34, 123]);
  const push = {
    join_ref: '1',
    ref: '2',
    topic: 'realtime:room',
    event: 'broadcast',
    payload: { type: 'broadcast', event: 'picture', payload: bytes.buffer },
  };

  it('carries bytes from one client to another', () => {
    const { broadcast } = codecV2.decode(client.encode(push), true);
    expect(broadcast).toEqual({ kind: 'binary', event: 'picture', payload: bytes });
    const decoded = client.decode(codecV2.encodeBroadcast('realtime:room', broadcast as Broadcast));
    const { payload } = decoded.payload as { payload: ArrayBuffer };
    expect(new Uint8Array(payload)).toEqual(bytes);
  });

  it('keeps bytes from clients of serialiser 1.0.0, which has no way to carry them', () => {
    const { broadcast } = codecV2.decode(client.encode(push), true);
    expect(codecV1.encodeBroadcast('realtime:room', broadcast as Broadcast)).toBeNull();
    expect(() => codecV1.decode(client.encode(push), true)).toThrow(MalformedMessage);
  });

  it('falls back to text for an event name that does not fit a frame', () => {
    const event = 'é'.repeat(200);
    const frame = codecV2.encodeBroadcast('realtime:room', { kind: 'json', event, payload: '{}' });
    expect(typeof frame).toBe('string');
    expect(client.decode(frame).payload).toMatchObject({ event, payload: {} });
  });

  it('leaves the metadata that a client claims behind', () => {
    const names = ['1', '2', 'realtime:room', 'e', '{"replayed":true}'];
    const frame = Buffer.concat([
      Buffer.from([3, ...names.map((name) => name.length), 1]),
      Buffer.from(`${names.join('')}{}`),
    ]);
    expect(codecV2.decode(frame, true).broadcast).toEqual({
      kind: 'json',
      event: 'e',
      payload: '{}',
    });
  });

  it.each(['{}, "injected": true', '{"a":1},"b":{"c":2}', '1 2', '', '\xff'])(
    'refuses %j as the JSON of a broadcast',
    (payload) => {
      const frame = Buffer.concat([
        Buffer.from([3, 1, 1, 1, 1, 0, 1]),
        Buffer.from(`12te`),
        Buffer.from(payload, 'latin1'),
      ]);
      expect(() => codecV2.decode(frame, true)).toThrow(MalformedMessage);
    },
  );

  it('refuses a frame that is shorter than its head says', () => {
    const frame = client.encode(push);
    expect(() => codecV2.decode(frame.subarray(0, 12), true)).toThrow(MalformedMessage);
    expect(() => codecV2.decode(frame.subarray(0, 3), true)).toThrow(MalformedMessage);
  });
});
