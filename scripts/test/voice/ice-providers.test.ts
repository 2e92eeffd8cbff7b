import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { isStunUrl, isTurnUrl } from '../../../supabase/functions/voice-ice/ice-url.ts';
import {
  issueServers,
  type ProviderCall,
} from '../../../supabase/functions/voice-ice/issue-servers.ts';
import { readSettings } from '../../../supabase/functions/voice-ice/settings.ts';
import {
  type Behaviour,
  cloudflareAnswer,
  type ProviderServer,
  plain,
  startProviderServer,
  xirsysAnswer,
} from './provider-server.ts';

// The adapters of voice-ice, each against a server that answers as its provider's documentation says, and then as it must not.

const userId = randomUUID();
const STUN = 'stun:stun.example.org:3478';
const secret = () => randomBytes(24).toString('hex');

/** Servers by these variables, and what was told of the provider. */
async function issue(variables: Record<string, string>) {
  const calls: ProviderCall[] = [];
  const settings = readSettings((name) => variables[name]);
  const askedAt = Date.now();
  const answer = await issueServers(settings, userId, (call) => calls.push(call));
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error('told once, and always');
  const tookMs = Date.now() - askedAt;
  const goodForMs = Date.parse(answer.expiresAt) - askedAt;
  return { answer, call, complaints: settings.complaints, tookMs, goodForMs };
}

describe('STUN alone', () => {
  test('is what there is without a provider', async () => {
    const { answer, call, goodForMs } = await issue({
      GUILDHALL_STUN_URLS: ` ${STUN} ,stuns:[2001:db8::1]`,
    });
    expect(answer).toEqual({
      iceServers: [{ urls: [STUN, 'stuns:[2001:db8::1]'] }],
      expiresAt: expect.any(String),
      provider: 'stun',
      degraded: false,
    });
    expect(call.failure).toBeNull();
    expect(goodForMs).toBeGreaterThan(599_000);
    expect(goodForMs).toBeLessThanOrEqual(600_100);
  });

  test('nothing set is nothing to hand out, and is said', async () => {
    const { answer, call } = await issue({});
    expect(answer).toMatchObject({ iceServers: [], provider: 'stun', degraded: true });
    expect(call.failure).toMatchObject({
      code: 'provider_unavailable',
      message: 'GUILDHALL_STUN_URLS is not set',
    });
  });

  test('what is no address is left out, and named', async () => {
    const { answer, complaints } = await issue({
      GUILDHALL_STUN_URLS: `${STUN}, https://stun.example.org, stun:x?transport=udp`,
    });
    expect(answer.iceServers).toEqual([{ urls: [STUN] }]);
    expect(complaints).toEqual([expect.stringMatching(/^GUILDHALL_STUN_URLS /)]);
    expect(complaints.join()).not.toContain('example.org');
  });
});

describe('coturn', () => {
  const variables = (more: Record<string, string> = {}) => ({
    GUILDHALL_ICE_PROVIDER: 'coturn',
    GUILDHALL_STUN_URLS: STUN,
    GUILDHALL_TURN_URLS: 'turn:turn.example.org:3478,turns:turn.example.org:443?transport=tcp',
    GUILDHALL_TURN_SECRET: secret(),
    ...more,
  });

  test('a user name that says until when and whose, and its HMAC', async () => {
    const given = variables({ GUILDHALL_ICE_TTL_SECONDS: '120' });
    const { answer, goodForMs } = await issue(given);
    const [stun, turn] = answer.iceServers;
    expect(stun).toEqual({ urls: [STUN] });
    expect(turn?.urls).toEqual([
      'turn:turn.example.org:3478',
      'turns:turn.example.org:443?transport=tcp',
    ]);
    expect(turn?.username).toBe(`${Date.parse(answer.expiresAt) / 1000}:${userId}`);
    expect(turn?.credential).toBe(
      createHmac('sha1', given.GUILDHALL_TURN_SECRET)
        .update(turn?.username ?? '')
        .digest('base64'),
    );
    expect(answer).toMatchObject({ provider: 'coturn', degraded: false });
    expect(goodForMs).toBeGreaterThan(118_000);
    expect(goodForMs).toBeLessThanOrEqual(120_000);
    expect(JSON.stringify(answer)).not.toContain(given.GUILDHALL_TURN_SECRET);
  });

  test.each([
    ['86400', 600],
    ['601', 600],
    ['59', 60],
    ['0', 60],
    ['-5', 60],
    ['ten minutes', 60],
    ['1e3', 60],
    ['', 600],
  ])('a time to live of "%s" is %i seconds', async (given, seconds) => {
    const { goodForMs, complaints } = await issue(variables({ GUILDHALL_ICE_TTL_SECONDS: given }));
    expect(Math.ceil(goodForMs / 1000)).toBeGreaterThanOrEqual(seconds - 1);
    expect(Math.ceil(goodForMs / 1000)).toBeLessThanOrEqual(seconds);
    expect(complaints.length).toBe(given === '' ? 0 : 1);
  });

  test.each<[string, Record<string, string>]>([
    ['GUILDHALL_TURN_SECRET is not set', { GUILDHALL_TURN_SECRET: ' ' }],
    ['GUILDHALL_TURN_URLS is not set', { GUILDHALL_TURN_URLS: '' }],
    [
      'GUILDHALL_TURN_URLS has parts that are no turn: URL',
      { GUILDHALL_TURN_URLS: 'turn:good.example.org,http://bad.example.org' },
    ],
    ['GUILDHALL_TURN_URLS has parts that are no turn: URL', { GUILDHALL_TURN_URLS: ' , ' }],
    ['GUILDHALL_ICE_PROVIDER names no provider', { GUILDHALL_ICE_PROVIDER: 'coturns' }],
  ])('is not set up: %s', async (message, more) => {
    const given = variables(more);
    const { answer, call } = await issue(given);
    expect(answer).toMatchObject({
      iceServers: [{ urls: [STUN] }],
      provider: 'stun',
      degraded: true,
    });
    expect(call.failure).toMatchObject({ code: 'provider_unavailable' });
    expect(call.failure?.message).toContain(message.replace(/ , $/, ''));
    expect(call.failure?.message).not.toContain('example.org');
  });
});

interface Api {
  readonly name: 'cloudflare' | 'xirsys';
  /** What its documentation says. */
  readonly documented: () => object;
  readonly status: number;
  /** What it answers where these are its servers. */
  readonly answerOf: (iceServers: unknown) => unknown;
  readonly variables: (url: string) => Record<string, string>;
}

const apis: Api[] = [
  {
    name: 'cloudflare',
    documented: cloudflareAnswer,
    status: 201,
    answerOf: (iceServers) => ({ iceServers }),
    variables: (url) => ({
      GUILDHALL_CLOUDFLARE_URL: url,
      GUILDHALL_CLOUDFLARE_TURN_KEY_ID: secret(),
      GUILDHALL_CLOUDFLARE_TURN_API_TOKEN: secret(),
    }),
  },
  {
    name: 'xirsys',
    documented: xirsysAnswer,
    status: 200,
    answerOf: (iceServers) => ({ v: { iceServers }, s: 'ok' }),
    variables: (url) => ({
      GUILDHALL_XIRSYS_URL: url,
      GUILDHALL_XIRSYS_IDENT: 'somebody',
      GUILDHALL_XIRSYS_SECRET: secret(),
      GUILDHALL_XIRSYS_CHANNEL: 'My/Channel 1',
    }),
  },
];

// Each has a server of its own, and what waits for three seconds has another.
describe.concurrent.each(apis)(
  '$name',
  ({ name, documented, status, answerOf, variables: variablesOf }) => {
    let server: ProviderServer;
    let variables: Record<string, string>;
    beforeAll(async () => {
      server = await startProviderServer(documented, status);
      variables = {
        GUILDHALL_ICE_PROVIDER: name,
        GUILDHALL_STUN_URLS: STUN,
        GUILDHALL_ICE_TTL_SECONDS: '300',
        ...variablesOf(server.url),
      };
    });
    afterEach(() => server.answerWith(null));
    afterAll(() => server.close());

    /** With STUN, and nothing of what the provider said or of what it is asked with. */
    async function expectDegraded(
      code: 'provider_unavailable' | 'timeout' = 'provider_unavailable',
      given = variables,
    ) {
      const issued = await issue(given);
      expect(issued.answer).toEqual({
        iceServers: [{ urls: [STUN] }],
        expiresAt: expect.any(String),
        provider: 'stun',
        degraded: true,
      });
      expect(issued.call.failure?.code).toBe(code);
      const told = JSON.stringify([issued.answer, issued.call.failure?.message]);
      for (const [variable, value] of Object.entries(given)) {
        if (value !== '' && /TOKEN|SECRET|KEY_ID/.test(variable)) expect(told).not.toContain(value);
      }
      expect(told).not.toMatch(/evil|127\.0\.0\.1/);
      return issued;
    }

    test.sequential('servers and credentials as documented, no later than they end', async () => {
      const { answer, call, goodForMs } = await issue(variables);
      expect(answer).toMatchObject({ provider: name, degraded: false });
      const turn = answer.iceServers.find(({ username }) => username !== undefined);
      expect(turn?.urls.length).toBeGreaterThanOrEqual(2);
      expect(turn?.credential).toMatch(/^.{30,}$/);
      for (const { urls } of answer.iceServers) {
        for (const url of urls) expect(url).toMatch(/^(stun|turns?):/);
      }
      expect(call.failure).toBeNull();
      expect(goodForMs).toBeLessThanOrEqual(300_050);
      expect(goodForMs).toBeGreaterThan(299_000);
      // What browsers cannot reach: the port of DNS.
      expect(JSON.stringify(answer)).not.toContain(':53?');
      expect(JSON.stringify(answer)).not.toContain(':53"');
    });

    test.sequential('it is asked as documented', async () => {
      await issue(variables);
      const [request] = server.requests.slice(-1);
      expect(request?.contentType).toBe('application/json');
      if (name === 'cloudflare') {
        expect(request).toMatchObject({
          method: 'POST',
          path: `/v1/turn/keys/${variables.GUILDHALL_CLOUDFLARE_TURN_KEY_ID}/credentials/generate-ice-servers`,
          authorization: `Bearer ${variables.GUILDHALL_CLOUDFLARE_TURN_API_TOKEN}`,
          body: { ttl: 300 },
        });
      } else {
        const pair = `somebody:${variables.GUILDHALL_XIRSYS_SECRET}`;
        expect(request).toMatchObject({
          method: 'PUT',
          path: '/_turn/My/Channel%201',
          authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
          body: { format: 'urls', expire: 300 },
        });
      }
    });

    test.sequential.each<[string, Behaviour]>([
      ['401', plain(401, { error: 'evil words' })],
      ['403 with servers in it', plain(403, documented())],
      ['429', plain(429, {})],
      ['500', plain(500, 'evil words')],
      ['204, with nothing', (response) => response.writeHead(204).end()],
      ['a connection that breaks', (response) => void response.destroy()],
      [
        'a body that breaks off',
        (response) => {
          response.writeHead(200, { 'content-length': '1000' });
          response.write('{"iceServers":');
          setTimeout(() => response.destroy(), 20);
        },
      ],
      ['nothing at all', plain(200, '')],
      ['a page', plain(200, '<h1>evil words</h1>')],
      ['half of JSON', plain(200, JSON.stringify(documented()).slice(0, -5))],
      ['null', plain(200, null)],
      ['a number', plain(200, 7)],
      ['a list', plain(200, [])],
      ['an object without servers', plain(200, { success: true, s: 'ok' })],
      ['a huge body', plain(200, { ...documented(), padding: 'x'.repeat(70_000) })],
      [
        'a body without an end',
        (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          const more = () => {
            if (!response.destroyed) response.write(' '.repeat(16_384), () => setImmediate(more));
          };
          more();
        },
      ],
    ])('%s: STUN and degraded', async (_, behaviour) => {
      server.answerWith(behaviour);
      const { tookMs } = await expectDegraded();
      expect(tookMs).toBeLessThan(2_900);
    });

    const turn = { urls: 'turn:turn.example.org', username: 'somebody', credential: 'word' };
    test.sequential.each<[string, unknown]>([
      ['no server', []],
      ['null', null],
      ['STUN alone', [{ urls: STUN }]],
      ['a text', ['turn:turn.example.org']],
      ['no address', [{ ...turn, urls: undefined }]],
      ['an empty list of addresses', [{ ...turn, urls: [] }]],
      ['an address that is a number', [{ ...turn, urls: [7] }]],
      ['a page for an address', [{ ...turn, urls: 'https://evil.example.org' }]],
      ['a script for an address', [{ ...turn, urls: 'javascript:evil()' }]],
      ['one good and one evil address', [{ ...turn, urls: [turn.urls, 'http://evil'] }]],
      ['one good and one evil server', [turn, { urls: 'http://evil' }]],
      ['a transport nobody knows', [{ ...turn, urls: 'turn:turn.example.org?transport=evil' }]],
      ['a port that is none', [{ ...turn, urls: 'turn:turn.example.org:65536' }]],
      ['an address of 400 characters', [{ ...turn, urls: `turn:${'a'.repeat(400)}.org` }]],
      ['no user name', [{ ...turn, username: undefined }]],
      ['an empty user name', [{ ...turn, username: '' }]],
      ['a user name of 509 characters', [{ ...turn, username: 'u'.repeat(509) }]],
      ['a credential that is an object', [{ ...turn, credential: {} }]],
      ['a credential with a line break', [{ ...turn, credential: 'a\nevil' }]],
      ['eleven servers', Array(11).fill(turn)],
      ['21 addresses', [{ ...turn, urls: Array(21).fill(turn.urls) }]],
    ])('servers that are none (%s): STUN and degraded', async (_, iceServers) => {
      server.answerWith(plain(200, answerOf(iceServers)));
      await expectDegraded();
    });

    test.sequential('what else stands in a server goes no further', async () => {
      server.answerWith(
        plain(200, answerOf([{ ...turn, credentialType: 'oauth', evil: 'words' }])),
      );
      const { answer } = await issue(variables);
      expect(answer.iceServers).toEqual([{ ...turn, urls: [turn.urls] }]);
      expect(answer.degraded).toBe(false);
    });

    test.sequential('one server that stands in no list is taken', async () => {
      server.answerWith(plain(200, answerOf(turn)));
      const { answer } = await issue(variables);
      expect(answer.iceServers).toEqual([{ ...turn, urls: [turn.urls] }]);
    });

    test.sequential('a redirect is not followed: it would take the key along', async () => {
      const elsewhere = await startProviderServer(documented, status);
      server.answerWith((response) =>
        response.writeHead(307, { location: `${elsewhere.url}/evil` }).end(),
      );
      await expectDegraded();
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.close();
    });

    test('an answer that does not come within 3 seconds is none', async () => {
      const slow = await startProviderServer(documented, status);
      slow.answerWith((response) => {
        setTimeout(() => plain(200, documented())(response, undefined as never), 4_000).unref();
      });
      const given = { ...variables, ...variablesOf(slow.url) };
      const { tookMs, call } = await expectDegraded('timeout', given);
      expect(tookMs).toBeGreaterThan(2_900);
      expect(tookMs).toBeLessThan(3_800);
      expect(call.latencyMs).toBeGreaterThan(2_900);
      await slow.close();
    });

    test('nor is one that begins at once and then drips', async () => {
      const slow = await startProviderServer(documented, status);
      slow.answerWith((response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const bytes = JSON.stringify(documented());
        let at = 0;
        const drip = setInterval(() => {
          response.write(bytes.slice(at, at + 4));
          at += 4;
          if (at >= bytes.length || response.destroyed) clearInterval(drip);
        }, 100);
      });
      const given = { ...variables, ...variablesOf(slow.url) };
      const { tookMs } = await expectDegraded('timeout', given);
      expect(tookMs).toBeLessThan(3_800);
      await slow.close();
    });

    test.sequential('nobody there', async () => {
      const gone = await startProviderServer(documented);
      await gone.close();
      await expectDegraded('provider_unavailable', { ...variables, ...variablesOf(gone.url) });
    });

    test.sequential('its key goes over TLS or to this machine, and only where all of it is set', async () => {
      const names = Object.keys(variablesOf(server.url));
      for (const name of names.filter((name) => !name.endsWith('_URL'))) {
        const { call } = await expectDegraded('provider_unavailable', { ...variables, [name]: '' });
        expect(call.failure?.message).toBe(`${name} is not set`);
      }
      const [url = ''] = names.filter((name) => name.endsWith('_URL'));
      const asked = server.requests.length;
      for (const evil of ['http://evil.example.org', 'ftp://127.0.0.1', 'evil', 'file:///etc']) {
        const { call } = await expectDegraded('provider_unavailable', {
          ...variables,
          [url]: evil,
        });
        expect(call.failure?.message).toBe(`${url} is no https: URL`);
      }
      expect(server.requests.length).toBe(asked);
    });
  },
);

test('Xirsys says in the body that it failed', async () => {
  const server = await startProviderServer(() => ({ v: 'unauthorized', s: 'error' }));
  const { answer, call } = await issue({
    GUILDHALL_ICE_PROVIDER: 'xirsys',
    GUILDHALL_XIRSYS_URL: server.url,
    GUILDHALL_XIRSYS_IDENT: 'somebody',
    GUILDHALL_XIRSYS_SECRET: secret(),
    GUILDHALL_XIRSYS_CHANNEL: 'rooms',
  });
  await server.close();
  expect(answer).toMatchObject({ iceServers: [], provider: 'stun', degraded: true });
  expect(call.failure?.message).toBe('the provider answered that it failed');
});

test('Cloudflare’s servers that browsers do not reach are none', async () => {
  const { username, credential } = cloudflareAnswer().iceServers[1] ?? {};
  const urls = ['turn:turn.cloudflare.com:53?transport=udp'];
  const server = await startProviderServer(() => ({
    iceServers: [{ urls: STUN }, { urls, username, credential }],
  }));
  const { answer } = await issue({
    GUILDHALL_ICE_PROVIDER: 'cloudflare',
    GUILDHALL_CLOUDFLARE_URL: server.url,
    GUILDHALL_CLOUDFLARE_TURN_KEY_ID: secret(),
    GUILDHALL_CLOUDFLARE_TURN_API_TOKEN: secret(),
  });
  await server.close();
  expect(answer).toMatchObject({ provider: 'stun', degraded: true });
});

test('addresses are those that browsers take', () => {
  const good = ['turn:a', 'turns:a.b:1', 'turn:1.2.3.4:65535?transport=tcp', 'TURN:[::1]:3478'];
  for (const url of good) expect([url, isTurnUrl(url), isStunUrl(url)]).toEqual([url, true, false]);
  expect(isStunUrl('stun:a.b:3478')).toBe(true);
  const bad = [
    'turn:',
    'turn://a',
    'turn:a:0',
    'turn:a:',
    'turn:a@b',
    'turn:a b',
    'turn:a\n',
    'turn:-a',
    'turn:a/b',
    'turn:a?transport=udp&x=1',
    'stun:a?transport=udp',
    'turn:é',
    ' turn:a',
  ];
  for (const url of bad) expect([url, isTurnUrl(url) || isStunUrl(url)]).toEqual([url, false]);
});
