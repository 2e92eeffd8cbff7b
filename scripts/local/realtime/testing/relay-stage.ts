/** What the relay's tests stand on: a real database in the platform's shape, a relay on a free port, and real clients. */
import { createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { App } from '@supabase/lite';
import {
  createClient,
  type RealtimeChannel,
  type RealtimeChannelOptions,
  type SupabaseClient,
} from '@supabase/supabase-js';
import { vi } from 'vitest';
import WebSocket from 'ws';
import type { Database } from '../../../database/database.ts';
import { type OpenedDatabase, openPglite, openPostgres } from '../../../database/open-database.ts';
import { applyPlatform } from '../../platform/apply-platform.ts';
import type { Extension } from '../authorization.ts';
import { createRealtimeRelay, type RealtimeRelay, type RelayOptions } from '../relay.ts';

export const jwtSecret = 'the-relays-tests-sign-their-tokens-with-this';
export const publishableKey = 'sb_publishable_relay_test';
export const secretKey = 'sb_secret_relay_test';
export const versions = ['1.0.0', '2.0.0'] as const;
export type Version = (typeof versions)[number];

/** An HS256 token as the auth service signs them, valid for `seconds`. */
export function signToken(claims: Record<string, unknown>, secret = jwtSecret, seconds = 3600) {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ role: 'authenticated', exp, ...claims })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

export interface Subscription {
  status: string;
  error: Error | undefined;
}

export interface TestClient {
  supabase: SupabaseClient;
  channel(topic: string, config?: RealtimeChannelOptions['config']): RealtimeChannel;
}

export class RelayStage {
  readonly opened: OpenedDatabase;
  readonly #drop: () => Promise<void>;
  readonly #stages: { relay: RealtimeRelay; stop: () => Promise<void> }[] = [];
  readonly #clients: SupabaseClient[] = [];

  private constructor(opened: OpenedDatabase, drop: () => Promise<void>) {
    this.opened = opened;
    this.#drop = drop;
  }

  /** On PGlite, or in a database of its own on the server that GUILDHALL_DATABASE_URL names. */
  static async open(): Promise<RelayStage> {
    const server = process.env.GUILDHALL_DATABASE_URL;
    const stage =
      server === undefined ? await RelayStage.#onPglite() : await RelayStage.#onServer(server);
    await stage.database.execute(`
      create schema relay_test;
      create table relay_test.rights (
        topic text not null, subject text not null, extension text not null, action text not null
      );
      create function relay_test.allows(p_extension text, p_action text) returns boolean
      language sql stable security definer set search_path = '' as $$
        select exists (
          select from relay_test.rights as r
          where r.topic = realtime.topic() and r.extension = p_extension and r.action = p_action
            and r.subject = coalesce(auth.uid()::text, auth.jwt() ->> 'role')
        )
      $$;
      grant usage on schema relay_test to public;
      create policy relay_test_select on realtime.messages for select
        using (relay_test.allows(extension, 'receive'));
      create policy relay_test_insert on realtime.messages for insert
        with check (relay_test.allows(extension, 'send'));
    `);
    return stage;
  }

  static async #onPglite(): Promise<RelayStage> {
    const opened = await openPglite();
    await applyTo(opened);
    return new RelayStage(opened, async () => {});
  }

  static async #onServer(server: string): Promise<RelayStage> {
    const name = `relay_test_${randomUUID().replaceAll('-', '')}`;
    const admin = await openPostgres(server);
    await admin.database.execute(`create database ${name}`);
    const own = new URL(server);
    own.pathname = `/${name}`;
    const opened = await openPostgres(own.href);
    // Roles belong to the server, and the shim's own lock only to its database.
    await admin.database.transaction(async (tx) => {
      await tx.query(
        "select pg_advisory_xact_lock(hashtextextended('guildhall platform shim', 0))",
      );
      await applyTo(opened);
    });
    return new RelayStage(opened, async () => {
      await admin.database.execute(`drop database ${name} with (force)`);
      await admin.database.close();
    });
  }

  get database(): Database {
    return this.opened.database;
  }

  /** Starts a relay on a free port and returns it with its address. */
  async start(options: Partial<RelayOptions> = {}) {
    const relay = createRealtimeRelay({
      database: this.database,
      jwtSecret,
      publishableKey,
      secretKey,
      ...options,
    });
    await relay.start();
    const server = createAdaptorServer({
      fetch: async (request) =>
        (await relay.handleHttp(request)) ?? new Response(null, { status: 404 }),
    });
    server.on('upgrade', relay.handleUpgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const stop = async () => {
      await relay.close();
      await new Promise((resolve) => server.close(resolve));
    };
    this.#stages.push({ relay, stop });
    return { relay, url, stop };
  }

  /** An unmodified client with its own connection. Without a token it has no session and is anonymous. */
  async client(
    url: string,
    {
      token,
      version = '2.0.0',
      key = publishableKey,
    }: { token?: string; version?: Version; key?: string } = {},
  ): Promise<TestClient> {
    const supabase = createClient(url, key, {
      ...(token === undefined ? {} : { accessToken: async () => token }),
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never, vsn: version },
    });
    this.#clients.push(supabase);
    // A client joins with the token it has at that moment, and it has none before it was told to look for one.
    await supabase.realtime.setAuth();
    return {
      supabase,
      channel: (topic, config = {}) =>
        supabase.channel(topic, { config: { private: true, ...config } }),
    };
  }

  async allow(topic: string, subject: string, extension: Extension, action: 'receive' | 'send') {
    await this.database.query('insert into relay_test.rights values ($1, $2, $3, $4)', [
      topic,
      subject,
      extension,
      action,
    ]);
  }

  /** A new user who may receive broadcasts on the topic, and what else is named. */
  async member(topic: string, ...more: ('send' | 'see presence' | 'be present')[]) {
    const sub = randomUUID();
    await this.allow(topic, sub, 'broadcast', 'receive');
    if (more.includes('send')) await this.allow(topic, sub, 'broadcast', 'send');
    if (more.includes('see presence')) await this.allow(topic, sub, 'presence', 'receive');
    if (more.includes('be present')) await this.allow(topic, sub, 'presence', 'send');
    return { sub, token: signToken({ sub }) };
  }

  /** Takes every right on the topic from the user. */
  async forbid(topic: string, subject: string) {
    await this.database.query('delete from relay_test.rights where topic = $1 and subject = $2', [
      topic,
      subject,
    ]);
  }

  /** Ends the test's clients; the database stays for the next test. */
  async reset(): Promise<void> {
    for (const supabase of this.#clients.splice(0)) {
      for (const channel of supabase.getChannels()) channel.teardown();
      void supabase.realtime.disconnect();
    }
    for (const { stop } of this.#stages.splice(0)) await stop();
  }

  async close(): Promise<void> {
    await this.reset();
    await this.database.close();
    await this.#drop();
  }
}

function applyTo({ database, connection }: OpenedDatabase): Promise<void> {
  return applyPlatform(database, {
    grantDefault: 'closed',
    ensureAuthTables: () => new App({ connection }).ensureSystemSchema(),
  });
}

/** Waits until the assertions hold; long enough for a machine that is busy with other things. */
export function eventually(assertions: () => void): Promise<void> {
  return vi.waitFor(assertions, { timeout: 10_000, interval: 10 });
}

/** Subscribes and waits for the first answer. */
export function subscribe(channel: RealtimeChannel): Promise<Subscription> {
  return new Promise((resolve) => {
    channel.subscribe((status, error) => resolve({ status, error }));
  });
}

/** Subscribes, and collects the statuses from then on. Throws when the join is refused. */
export async function subscribed(channel: RealtimeChannel): Promise<string[]> {
  const statuses: string[] = [];
  await new Promise<void>((resolve, reject) => {
    channel.subscribe((status, error) => {
      statuses.push(status);
      if (status === 'SUBSCRIBED') resolve();
      else reject(error ?? new Error(status));
    });
  });
  return statuses;
}

/** A socket of serialiser 1.0.0 without a client library, for what no client library does. */
export class BareSocket {
  readonly received: {
    topic: string;
    event: string;
    ref: string | null;
    payload: { status?: string; response?: unknown };
  }[] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => this.received.push(JSON.parse(String(data))));
  }

  static async open(url: string, query = `apikey=${publishableKey}&vsn=1.0.0`) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/realtime/v1/websocket?${query}`);
    const bare = new BareSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return bare;
  }

  send(message: object | string | Uint8Array): void {
    const raw = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(raw ? message : JSON.stringify(message));
  }

  join(name: string, token: string, ref: string): void {
    this.send({
      topic: `realtime:${name}`,
      event: 'phx_join',
      ref,
      join_ref: ref,
      payload: { config: { private: true }, access_token: token },
    });
  }

  /** The answer to the message that was sent with `ref`. */
  reply(ref: string) {
    return this.received.find((message) => message.event === 'phx_reply' && message.ref === ref)
      ?.payload;
  }

  /** Vanishes without a goodbye. */
  vanish(): void {
    this.#socket.terminate();
  }
}
