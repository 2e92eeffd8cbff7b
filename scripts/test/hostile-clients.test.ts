import { request } from 'node:http';
import { afterEach, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { signUp } from './people.ts';

// Whatever a client sends may end that client. After each, the stack answers the next one.

afterEach(async () => {
  const { apiUrl, publishableKey } = inject('stack');
  const response = await fetch(`${apiUrl}/auth/v1/settings`, {
    headers: { apikey: publishableKey },
  });
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

/** How the server ends this socket: the HTTP status of a refused upgrade, or the close code. */
function endOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('close', (code) => resolve(code));
    socket.on('error', () => {});
  });
}

describe('a socket', () => {
  test.each(['//', '/realtime/v1/websocket', '/elsewhere'])(
    'to %s without a key is refused',
    async (path) => {
      const url = inject('stack').apiUrl.replace('http', 'ws');
      expect(await endOf(new WebSocket(`${url}${path}`))).toBeGreaterThanOrEqual(400);
    },
  );

  test.each([
    ['no JSON', 'hello'],
    ['nothing of the protocol', '{}'],
    [
      'a payload nested too deep',
      `{"topic":"realtime:x","event":"broadcast","ref":"1","payload":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
    [
      'a reference nested too deep',
      `{"topic":"realtime:x","event":"phx_join","payload":{},"ref":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    ],
  ])('that sends %s is closed', async (_, frame) => {
    const { apiUrl, publishableKey } = inject('stack');
    const socket = new WebSocket(
      `${apiUrl.replace('http', 'ws')}/realtime/v1/websocket?apikey=${publishableKey}&vsn=1.0.0`,
    );
    const ended = endOf(socket);
    socket.on('open', () => socket.send(frame));
    expect(await ended).toBe(1007);
  });
});

test('a request to an Edge Function may come in chunks', async () => {
  const { functionsUrl, publishableKey } = inject('stack');
  const status = await new Promise((resolve, reject) => {
    const sent = request(
      `${functionsUrl}/health`,
      { method: 'POST', headers: { apikey: publishableKey, 'transfer-encoding': 'chunked' } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.on('error', reject);
    sent.write('{"some":');
    sent.end('"body"}');
  });
  expect(status).toBe(200);
});

test('sign-up metadata reach the profile as they were sent', async () => {
  const username = `ann_${Date.now().toString(36)}`;
  const { id, client } = await signUp({ username, display_name: 'Ann' });
  const { data } = await client.from('profiles').select('id, username, display_name');
  expect(data).toEqual([{ id, username, display_name: 'Ann' }]);
});

test('times come in one form, whichever way a row is read', async () => {
  const { client } = await signUp();
  const { data: community } = await client.rpc('create_community', { p_name: 'Times' });
  const { data: listed } = await client.rpc('my_communities');
  const { data: read } = await client.from('communities').select();
  expect(community.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/);
  expect(listed).toEqual([community]);
  expect(read).toEqual([community]);
});
