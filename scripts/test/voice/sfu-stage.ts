import { randomBytes, randomUUID } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { inject, vi } from 'vitest';
import WebSocket from 'ws';
import { newCommunity, newPerson, type Person } from '../../../sdk/src/testing/stack-people.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { RoomService } from './room-service.ts';

export interface VoiceToken {
  token: string;
  url: string;
  room: string;
  expiresAt: string;
}

/** A stack of its own with an SFU of its own: what tests of larger rooms play on. */
export class SfuStage {
  readonly apiKey = `API${randomBytes(6).toString('hex')}`;
  readonly apiSecret = randomBytes(32).toString('base64url');
  readonly rooms = new RoomService(this.apiKey, this.apiSecret);
  /** What the functions have written into their logs. */
  readonly log: string[] = [];
  stack!: Stack;
  /** Whoever has the secret key, as the Edge Function has. */
  server!: SupabaseClient;

  async open(options: { callsFunctions: boolean }): Promise<void> {
    await this.rooms.listen();
    const { publishableKey, secretKey, jwtSecret } = inject('stack');
    this.stack = await startStack({
      keys: { publishableKey, secretKey, jwtSecret, databasePassword: randomUUID() },
      port: 0,
      callsFunctions: options.callsFunctions,
      functionVariables: {
        LIVEKIT_URL: this.rooms.url,
        LIVEKIT_API_KEY: this.apiKey,
        LIVEKIT_API_SECRET: this.apiSecret,
      },
      log: (line) => this.log.push(line),
    });
    this.server = createClient(this.stack.apiUrl, secretKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime: { transport: WebSocket as never },
    });
  }

  async close(): Promise<void> {
    await this.stack?.close();
    this.rooms.close();
  }

  person(): Promise<Person> {
    return newPerson(this.stack.apiUrl);
  }

  /** A community of this owner with a voice channel that goes over the SFU, and everybody else in it. */
  async hall(
    owner: Person,
    members: readonly Person[] = [],
  ): Promise<{ communityId: string; channelId: string }> {
    const { community } = await newCommunity(owner, members);
    const channel = await owner.guildhall.communities.createChannel({
      communityId: community.id,
      name: 'hall',
      kind: 'voice',
    });
    await rpc(owner.supabase, 'update_voice_channel', {
      p_channel_id: channel.id,
      p_transport: 'sfu',
      p_max_participants: 100,
    });
    return { communityId: community.id, channelId: channel.id };
  }

  /** Joins, and returns the session's id. */
  async join(person: Person, channelId: string, deviceId?: string): Promise<string> {
    const session = await rpc<{ session_id: string }>(person.supabase, 'join_voice', {
      p_channel_id: channelId,
      ...(deviceId === undefined ? {} : { p_device_id: deviceId }),
    });
    return session.session_id;
  }

  /** Asks voice-token as somebody does in a browser. */
  async ask(person: Person | null, body: unknown, headers: Record<string, string> = {}) {
    const { data } = (await person?.supabase.auth.getSession()) ?? {};
    const response = await fetch(`${this.stack.functionsUrl}/voice-token`, {
      method: 'POST',
      headers: {
        ...(person === null ? {} : { authorization: `Bearer ${data?.session?.access_token}` }),
        ...headers,
      },
      body: JSON.stringify(body),
    });
    return { response, status: response.status, body: await response.json() };
  }

  async token(person: Person, channelId: string, deviceId?: string): Promise<VoiceToken> {
    const { status, body } = await this.ask(person, { channelId, deviceId });
    if (status !== 200) throw new Error(`voice-token: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** What the SFU failed at is tried again as if 15 seconds had passed. */
  async passFailures(): Promise<void> {
    await this.stack.database.query(
      `update private.voice_sfu_changes
       set claimable_at = claimable_at - interval '15 seconds' where last_error is not null`,
    );
  }

  /** The next look into this room is due as if 15 seconds had passed since the last one was over. */
  async passLook(channelId: string): Promise<void> {
    await vi.waitUntil(
      async () => {
        // A room that somebody is looking at is due in a minute.
        const passed = await this.stack.database.query(
          `update private.voice_sfu_rooms set look_at = look_at - interval '15 seconds'
           where room = $1 and look_at <= clock_timestamp() + interval '15 seconds' returning room`,
          [channelId],
        );
        return passed.length === 1;
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  /** For the lease of this session so many seconds pass. */
  async passLease(sessionId: string, seconds: number): Promise<void> {
    await this.stack.database.query(
      `update private.voice_sessions
       set expires_at = expires_at - make_interval(secs => $2) where id = $1`,
      [sessionId, seconds],
    );
  }

  /** Has voice-sfu do what there is to do, as the database does. */
  async drain(headers?: Record<string, string>) {
    const response = await fetch(`${this.stack.functionsUrl}/voice-sfu`, {
      method: 'POST',
      headers: headers ?? { 'x-guildhall-secret': this.stack.functionsSecret },
    });
    return { status: response.status, body: await response.json() };
  }
}

export async function rpc<T>(client: SupabaseClient, name: string, args: object): Promise<T> {
  const { data, error } = await client.rpc(name, args);
  if (error) throw new Error(`${name}: ${error.code} ${error.message} ${error.details}`);
  return data as T;
}
