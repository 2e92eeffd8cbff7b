import { randomBytes } from 'node:crypto';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import { createGuildhall, type Guildhall } from '../../sdk/src/index.ts';
import type { WebSocketConstructor } from './cuttable-transport.ts';

/** Why a replay cannot go on, in one sentence for the person who started it. */
export class ReplayRefusal extends Error {}

export interface StackAddress {
  url: string;
  /** The publishable key. */
  key: string;
}

/** What happened on the way to the stack that the SDK dealt with by trying again. */
export interface NetworkTroubles {
  /** Answers that asked to wait (HTTP 429). */
  rateLimited: number;
  /** Requests without an answer, or with one from a stack that is not ready (HTTP 502, 503, 504). */
  unanswered: number;
}

/** A signed-in user with a client of their own. */
export interface Participant {
  readonly userId: string;
  readonly supabase: SupabaseClient;
  readonly guildhall: Guildhall;
}

export interface SignUpOptions {
  address: StackAddress;
  email: string;
  /** Goes into the metadata, from which the profile is made. */
  username: string;
  /** Seconds to go on trying when the stack does not answer. */
  patience: number;
  troubles: NetworkTroubles;
  transport?: WebSocketConstructor;
}

/** Signs up a new user through the auth API. Every participant has a client of their own. */
export async function signUp(options: SignUpOptions): Promise<Participant> {
  const { address, email, username, patience, troubles, transport = WebSocket } = options;
  const supabase = createClient(address.url, address.key, {
    auth: { persistSession: false },
    global: { fetch: (...request) => watchedFetch(troubles, ...request) },
    // Node 20 has no WebSocket of its own.
    realtime: { transport: transport as never },
  });
  const { data, error } = await supabase.auth.signUp({
    email,
    password: randomBytes(18).toString('base64url'),
    options: { data: { username, display_name: username } },
  });
  if (error) throw new ReplayRefusal(`${username} could not sign up: ${error.message}`);
  if (data.user === null || data.session === null) {
    throw new ReplayRefusal(
      'This stack wants e-mail addresses confirmed: turn that off for a replay.',
    );
  }
  const guildhall = createGuildhall(supabase, {
    deadlineMs: patience * 1_000,
    retryAfterCapMs: patience * 1_000,
    maxAttempts: Number.MAX_SAFE_INTEGER,
  });
  return { userId: data.user.id, supabase, guildhall };
}

async function watchedFetch(
  troubles: NetworkTroubles,
  ...request: Parameters<typeof fetch>
): Promise<Response> {
  try {
    const response = await fetch(...request);
    if (response.status === 429) troubles.rateLimited += 1;
    if ([502, 503, 504].includes(response.status)) troubles.unanswered += 1;
    return response;
  } catch (error) {
    troubles.unanswered += 1;
    throw error;
  }
}

/** Ends the participant's sockets and timers. */
export async function leave({ supabase }: Participant): Promise<void> {
  await supabase.removeAllChannels();
  await supabase.realtime.disconnect();
  await supabase.auth.stopAutoRefresh();
}
