import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { call, type Person, signUp } from '../people.ts';
import { argumentsOf } from './arguments.ts';
import { type ExposedFunction, exposedFunctions, knownWords } from './exposed-functions.ts';
import type { World } from './world.ts';

// The same through HTTP, where also what is no set of arguments at all can be sent: whatever it is, the answer is one that the
// documentation names or one of the API's own about what it cannot read, and never an error of the server's.

const runs = Math.ceil(Number(process.env.GUILDHALL_FUZZ_RUNS ?? 8) / 4);
const seed =
  process.env.GUILDHALL_SEED === undefined ? {} : { seed: Number(process.env.GUILDHALL_SEED) };

/**
 * The API's own: arguments that are not of their types (22…, 54…), no such function with these names (PGRST202), a body that is no
 * JSON (PGRST102) or no object, which the local stack says in its own ways (PGRST100, 42883, 42846), as it does of a NUL (22021).
 */
const unread =
  /^(22P02|22003|22007|22008|22021|22023|22P05|2202E|54000|54001|PGRST202|PGRST10[02]|42883|42846)$/;

/**
 * What the local stack says in its own way where the platform says 22P02 or 54001: it writes booleans, times and documents by itself, and
 * fails there before the database is asked. An error of the database has its SQLSTATE.
 */
const isOfTheStackAlone = (status: number, text: string) =>
  status === 500 && /^\{"code":"SUP",/.test(text);

let tokens: Record<string, string | null>;
let world: World;
const statuses = new Map<number, number>();

beforeAll(async () => {
  const [owner, member, outsider] = (await Promise.all([signUp(), signUp(), signUp()])) as [
    Person,
    Person,
    Person,
  ];
  const ask = <Row>(name: string, args: Record<string, unknown>) =>
    call<Row>(owner.client, name, args);
  const { id: communityId } = await ask<{ id: string }>('create_community', { p_name: 'Fuzzed' });
  const at = { p_community_id: communityId };
  const [channel] = await ask<{ id: string; group_id: string }[]>('list_channels', at);
  const [role] = await ask<{ id: string }[]>('list_roles', at);
  const { code } = await ask<{ code: string }>('create_invite', at);
  await call(member.client, 'redeem_invite', { p_code: code });
  const here = { p_channel_id: channel?.id };
  await ask('send_message', { ...here, p_body: 'one' });
  const thread = await ask<{ id: string }>('create_thread', { ...here, p_name: 'aside' });
  const report = await call<{ id: string }>(member.client, 'report_message', {
    ...here,
    p_seq: 1,
    p_reason: 'spam',
  });
  tokens = {
    anonymous: null,
    outsider: outsider.token,
    member: member.token,
    owner: owner.token,
    forger: `${owner.token.slice(0, -4)}AAAA`,
  };
  world = {
    callers: [],
    ids: {
      community: [communityId],
      channel: [channel?.id ?? '', thread.id],
      thread: [thread.id],
      group: [channel?.group_id ?? ''],
      role: [role?.id ?? ''],
      user: [owner.id, member.id, outsider.id],
      report: [report.id],
    },
    texts: [code, 'Fuzzed'],
    words: knownWords,
    files: ['0d1ff000-0000-4000-8000-00000000f11e'],
    // Under a request's own frames the embedded engine has less room for them than it has in database.test.ts.
    depth: 500,
    foreignCommunityId: '',
  };
});

afterAll(() => {
  console.log([...statuses].map(([status, times]) => `${status}: ${times}`).join(', '));
});

/** Sends this body as it stands. */
async function send(name: string, who: string, body: string) {
  const { apiUrl, publishableKey } = inject('stack');
  const ask = () =>
    fetch(`${apiUrl}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        'content-type': 'application/json',
        ...(tokens[who] ? { authorization: `Bearer ${tokens[who]}` } : {}),
      },
      body,
    });
  // The server ends a connection that was idle for some seconds, and the first request over it may come too late.
  const response = await ask().catch(ask);
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

const bodyOf = ({ arguments: args }: ExposedFunction): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: argumentsOf(args, world) },
    // Something left out that is needed, or something there that nobody knows.
    {
      weight: 1,
      arbitrary: argumentsOf(
        args.map((argument) => ({ ...argument, isRequired: false })),
        world,
      ),
    },
    {
      weight: 1,
      arbitrary: argumentsOf(args, world).map((body) =>
        body === '{}' ? '{"p_extra":1}' : `{"p_extra":1,${body.slice(1)}`,
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('', '{', '[]', 'null', '1', '"x"', '{"p_', '\u0000') },
  );

// The embedded engine does not outlast it: after one of some hundred such requests every later one fails, until the stack is
// started anew. So it takes a PostgreSQL; what the functions themselves do, database.test.ts asks on either.
const onPostgres = inject('stack').dbUrl !== null;

describe.runIf(onPostgres)('every function answers or refuses as documented', () => {
  test.each(exposedFunctions)(
    '$name',
    async (called) => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('anonymous', 'outsider', 'member', 'owner', 'forger'),
          bodyOf(called),
          async (who, body) => {
            const { status, text, headers } = await send(called.name, who, body);
            if (isOfTheStackAlone(status, text)) return;
            expect({ status, text }).toEqual({
              status: expect.toSatisfy((s: number) => s < 500),
              text,
            });
            if (status < 300) {
              expect(called.roles).toContain('authenticated');
              return;
            }
            const error = JSON.parse(text) as { code?: string; message?: string; details?: string };
            expect(error.message).not.toBe('');
            if (error.code?.startsWith('PT')) {
              expect(error.code).toBe(`PT${status}`);
              const details = JSON.parse(error.details ?? '') as Record<string, unknown>;
              expect(called.errors).toContain(details.code);
              if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
            } else if (error.code === '42501' || error.code?.startsWith('PGRST30')) {
              // Whoever may not call it at all, or has no valid token.
              expect(
                ['anonymous', 'forger'].includes(who) || !called.roles.includes('authenticated'),
              ).toBe(true);
            } else {
              expect(error.code).toMatch(unread);
            }
          },
        ),
        { numRuns: runs, ...seed },
      );
    },
    300_000,
  );
});

test.runIf(onPostgres)('a document that is nested too deep ends nobody else', async () => {
  const body = `{"p_channel_id":"${world.ids.channel?.[0]}","p_body":"x","p_attachments":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const who of ['member', 'owner']) {
    const answer = await send('send_message', who, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await send('my_communities', 'owner', '{}')).status).toBe(200);
  }
});
