import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contract, ContractDomains } from '../../contract/contract.ts';
import { contractVersion } from '../../contract/contract-version.ts';
import { introspectWithin } from '../../contract/introspect.ts';
import { projectRoot } from '../../project-root.ts';
import { sdkFiles } from './sdk-files.ts';

let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
  await pglite.exec(`
    create role anon; create role authenticated; create role service_role;
    create schema private;
    create type public.kind as enum ('text', 'voice');
    create table public.messages (
      id uuid primary key, seq bigint not null, body text, tags text[] not null, kind public.kind not null,
      extra jsonb not null
    );
    comment on table public.messages is 'A message.';
    comment on column public.messages.seq is 'Number in the channel.';
    comment on column public.messages.extra is 'Anything. @@ is no tag.
@type {{ colour: string }}';
    create function public.send_message(
      p_channel_id uuid, p_body text, p_limit integer default 50, p_kind public.kind default 'text',
      p_nonce text default null, p_reply_to_seq bigint default null, p_at timestamptz default now()
    ) returns public.messages language sql volatile
    as $$ select null::public.messages $$;
    comment on function public.send_message is 'Sends */ a message.
@param p_limit 1 to 100
@errors rate_limited, blocked
@idempotent by p_nonce
@example
await guildhall.messages.send({ channelId, body });';
    revoke execute on function public.send_message from public;
    grant execute on function public.send_message to authenticated;
  `);
}, 60_000);

afterAll(() => pglite.close());

const domains: ContractDomains = {
  functions: { 'public.send_message': 'messages', 'public.probe': 'messages' },
  tables: {},
  types: {},
};

/** The generated files after the statements, which are rolled back. */
async function filesAfter(sql = ''): Promise<Record<string, string>> {
  await pglite.exec('begin');
  try {
    await pglite.exec(sql);
    const catalog = await introspectWithin({
      query: async <Row>(text: string, parameters: readonly unknown[] = []) =>
        (await pglite.query<Row>(text, [...parameters])).rows,
    });
    const contract: Contract = { version: contractVersion(catalog), domains, ...catalog };
    return Object.fromEntries(
      sdkFiles(contract).map(({ path, text }) => [path.replace(/^.*\//, ''), text]),
    );
  } finally {
    await pglite.exec('rollback');
  }
}

const probe = (comment: string, signature = 'probe(p_x uuid) returns void') => `
  create function public.${signature} language plpgsql as $$ begin end $$;
  comment on function public.${signature.split('(')[0]} is $c$${comment}$c$;`;

describe('the generated SDK', () => {
  it('types rows as the database sends them', async () => {
    const { 'rows.ts': rows } = await filesAfter();
    expect(rows).toContain(`/**
 * A message.
 *
 * A row of \`public.messages\`.
 */
export interface Message {
  id: string;
  /** Number in the channel. */
  seq: number;
  body: string | null;
  tags: string[];
  kind: "text" | "voice";
  /** Anything. @@ is no tag. */
  extra: { colour: string };
}
`);
  });

  it('types composites and views, whose columns say themselves that they are never null', async () => {
    const { 'rows.ts': rows } = await filesAfter(`
      create type public.seat as (number integer, holder text, state text);
      comment on type public.seat is 'A seat.
@not_null number, state';
      comment on column public.seat.holder is 'Null: free.';
      comment on column public.seat.state is '@type {''open'' | ''shut''}';
      create view public.taken as select seq, body from public.messages;
      comment on view public.taken is 'Taken.
@not_null seq';
      ${probe('Probes.', 'probe() returns setof public.seat')}`);
    expect(rows).toContain(`export interface Seat {
  number: number;
  /** Null: free. */
  holder: string | null;
  state: 'open' | 'shut';
}
`);
    expect(rows).toContain('export interface Taken {\n  seq: number;\n  body: string | null;\n}');
  });

  it('leaves out the columns that a signed-in user may not read', async () => {
    const members = `
      create table public.members (id uuid not null, name text not null, secret bigint not null);
      grant select (id, name) on public.members to authenticated;`;
    const { 'rows.ts': rows } = await filesAfter(members);
    expect(rows).toContain('export interface Member {\n  id: string;\n  name: string;\n}');
    await expect(
      filesAfter(members + probe('Probes.', 'probe() returns setof public.members')),
    ).rejects.toThrow(
      'public.probe returns public.members, which has 1 columns that are not for reading: return a type of its own.',
    );
  });

  it('refuses @not_null of what is no column', async () => {
    await expect(
      filesAfter(`create view public.taken as select seq from public.messages;
        comment on view public.taken is '@not_null seat';`),
    ).rejects.toThrow('The comment of public.taken has @not_null seat, which is no column of it.');
  });

  it('types arguments, and lets null in only where null is the default', async () => {
    const { 'functions.ts': functions } = await filesAfter();
    expect(functions).toContain(`export interface SendMessageArgs {
  channelId: string;
  body: string;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
  /** Default: 'text'. */
  kind?: "text" | "voice" | undefined;
  nonce?: string | null | undefined;
  replyToSeq?: number | null | undefined;
  at?: string | undefined;
}
`);
  });

  it('lets null in where the comment says so, though the argument is required', async () => {
    const { 'functions.ts': functions } = await filesAfter(
      probe('Probes.\n@param p_x {string | null} null: none', 'probe(p_x uuid) returns void'),
    );
    expect(functions).toContain('  x: string | null;\n');
    expect(functions).toContain("x: z.nullable(z.guid('must be a UUID')),");
  });

  it('documents a method from the comment', async () => {
    const { 'domains.ts': source } = await filesAfter();
    expect(source).toContain(`  /**
   * Sends *\\/ a message.
   *
   * With a \`nonce\`, repeating it is harmless.
   *
   * @throws {GuildhallError} \`blocked\`, \`rate_limited\`
   * @example
   * await guildhall.messages.send({ channelId, body });
   */
  send(args: SendMessageArgs, options?: CallOptions): Promise<Message>;
`);
  });

  it('says who may call what clients may not', async () => {
    const { 'domains.ts': source } = await filesAfter(`${probe('Probes.')}
      revoke execute on function public.probe from public;
      grant execute on function public.probe to service_role;`);
    expect(source).toContain('* For the role service_role only.');
  });

  it.each([
    ['returns void', 'Promise<void>', "'void'"],
    ['returns bigint', 'Promise<number>', "'scalar'"],
    ['returns jsonb', 'Promise<unknown>', "'scalar'"],
    ['returns setof public.messages', 'Promise<Message[]>', "'rows'"],
    ['returns setof uuid', 'Promise<string[]>', "'rows'"],
    ['returns setof public.kind', 'Promise<("text" | "voice")[]>', "'rows'"],
    ['returns table (a int, b text)', 'Promise<ProbeRow[]>', "'rows'"],
  ])('gives a function that %s a method with %s', async (returns, promise, kind) => {
    const files = await filesAfter(probe('Probes.', `probe() ${returns}`));
    expect(files['domains.ts']).toContain(`  probe(options?: CallOptions): ${promise};`);
    expect(files['functions.ts']).toContain(`method: 'probe',
  volatility: 'volatile',
  idempotentBy: null,
  returns: ${kind},
  args: {},`);
  });

  it('shapes json by @returns, row types included', async () => {
    const files = await filesAfter(
      probe(
        "Probes.\n@returns {{ kind: 'Created'; message: Message | null }} the last change\n@sdk last",
        'probe() returns jsonb',
      ),
    );
    expect(files['functions.ts']).toContain(
      "/** the last change */\nexport type ProbeResult = { kind: 'Created'; message: Message | null };",
    );
    expect(files['functions.ts']).toContain("import type { Message } from './rows.ts';");
    expect(files['domains.ts']).toContain('  last(options?: CallOptions): Promise<ProbeResult>;');
  });

  it.each([
    ['', 'public.probe has no comment'],
    ['Probes.\n@throws x', 'unknown tag @throws'],
    ['Probes.\n@param p_y text', 'describes p_y, which is no argument of it'],
    ['Probes.\n@idempotent by p_y', 'idempotent by p_y, which is no argument of it'],
    ['Probes.\n@sdk Probe it', '@sdk Probe it, which is no name of a method'],
    ['Probes.\n@returns {Messages[]}', 'names the type Messages in @returns'],
    ['Probes.\n@sdk send', 'both become the method messages.send'],
  ])('refuses the comment %j', async (comment, message) => {
    const returns = comment.includes('@returns') ? 'jsonb' : 'void';
    await expect(filesAfter(probe(comment, `probe(p_x uuid) returns ${returns}`))).rejects.toThrow(
      message,
    );
  });

  it.each([
    ['probe(uuid) returns void', 'Argument 1 of public.probe is not named p_…'],
    ['probe(p_x point) returns void', 'p_x of public.probe is of type point'],
    [
      'stranger() returns void',
      'public.stranger exists, but no file in supabase/schemas creates it.',
    ],
  ])('refuses the function %s', async (signature, message) => {
    await expect(filesAfter(probe('Probes.', signature))).rejects.toThrow(message);
  });

  it('refuses two tables whose rows would have one name', async () => {
    await expect(filesAfter('create table public.message (id int primary key)')).rejects.toThrow(
      'public.message and public.messages both get the row type Message',
    );
  });
});

describe('the generated files', () => {
  let folder: string;
  let files: Record<string, string>;

  beforeAll(async () => {
    files = await filesAfter(
      `create domain public.short as text; ${probe(
        'Probes.',
        'probe(p_flag boolean, p_ids uuid[], p_when date, p_small smallint, p_any jsonb, p_short public.short) returns void',
      )}`,
    );
    folder = mkdtempSync(join(tmpdir(), 'guildhall-sdk-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'generated'));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, 'generated', name), text);
    }
    for (const name of ['call.ts', 'descriptor.ts']) {
      const runtime = JSON.stringify(join(projectRoot, 'sdk/src', name));
      writeFileSync(join(folder, name), `export * from ${runtime};\n`);
    }
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('compile under the project’s own strict settings', () => {
    const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectRoot);
    const program = ts.createProgram(
      Object.keys(files).map((name) => join(folder, 'generated', name)),
      options,
    );
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ messageText, file }) =>
          `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      );
    expect(messages).toEqual([]);
  });

  it('check arguments before the network, with words for each field', async () => {
    const url = pathToFileURL(join(folder, 'generated/functions.ts')).href;
    const { sendMessage, probe } = await import(/* @vite-ignore */ url);
    const issues = (schema: typeof sendMessage.argsSchema, value: unknown) =>
      (schema.safeParse(value).error?.issues ?? []).map(
        (issue: { path: string[]; message: string }) => `${issue.path.join('.')} ${issue.message}`,
      );
    const channelId = '01890a5d-ac96-774b-bcce-b302099a8057';

    expect(issues(sendMessage.argsSchema, { channelId, body: '', nonce: null })).toEqual([]);
    expect(
      issues(sendMessage.argsSchema, {
        channelId: 'general',
        limit: null,
        kind: 'video',
        replyToSeq: 2 ** 60,
        at: '2026-01-31T12:00:00',
      }),
    ).toEqual([
      'channelId must be a UUID',
      'body must be a string',
      'limit must be a whole number from -2147483648 to 2147483647',
      'kind must be one of text, voice',
      'replyToSeq must be a whole number',
      'at must be an ISO 8601 time with Z or an offset',
    ]);
    expect(
      issues(probe.argsSchema, {
        flag: 1,
        ids: [channelId, 7],
        when: '31.1.2026',
        small: 40_000,
        any: undefined,
        short: 1,
      }),
    ).toEqual([
      'flag must be true or false',
      'ids.1 must be a UUID',
      'when must be a date like 2026-01-31',
      'small must be a whole number from -32768 to 32767',
      'any Invalid input',
      'short must be a string',
    ]);
  });
});
