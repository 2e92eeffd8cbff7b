import { type Call, type CallOptions, createCaller, type RpcClient } from '../call.ts';
import { GuildhallError } from '../errors.ts';
import { contractVersion } from '../generated/contract-version.ts';
import { fetchSocialMessages, insertSocialMessage } from '../generated/functions.ts';
import type { SocialMessage } from '../generated/rows.ts';
import type { GuildhallOptions } from '../guildhall.ts';
import { requireToken, sessionRequired } from './require-token.ts';

/** A supabase-js client, of whatever database type; told by its shape, as `GuildhallClient` is. */
export interface SocialClient {
  rpc(name: never, parameters: never): PromiseLike<unknown>;
  readonly auth: {
    getSession(): Promise<{ data: { session: object | null }; error: { name: string } | null }>;
  };
}

/** Who calls, where the client itself has no session: on a server, or with another provider of tokens. */
export interface SocialOptions extends GuildhallOptions {
  /** Any client of the project; one for all callers will do. */
  readonly supabase: Pick<SocialClient, 'rpc'>;
  /** The caller's access token, or what gives it for each call. Without one nothing is sent. */
  readonly accessToken:
    | string
    | null
    | undefined
    | (() => string | null | undefined | Promise<string | null | undefined>);
}

export interface ListMessagesOptions {
  /** 1 to 200; what is below or above is taken as the nearest of them. 50 when left out. */
  readonly limit?: number | null | undefined;
  /** Only what was sent strictly after this time: a `created_at`, any ISO 8601 time with Z or an offset, or a Date. */
  readonly since?: string | Date | null | undefined;
}

export interface MessagePayload {
  /** 1 to 4,000 characters; white space around them is cut off. */
  readonly body: string;
  /** The sender's own mark, 1 to 64 characters, a new one for each message. With it a send may be repeated. */
  readonly clientId?: string | null | undefined;
}

/** The messages of channels for clients that want no more than to list and to send. */
export interface Social {
  /**
   * What people wrote in a channel, the newest first.
   *
   * @throws {GuildhallError} `session_required` before anything is sent when nobody is signed in; `invalid_argument`,
   *   `missing_permission`, `not_found`
   *
   * @example
   * const newest = await social.listMessages(channelId, { limit: 20 });
   * const later = await social.listMessages(channelId, { since: newest[0]?.created_at });
   */
  listMessages(
    channelId: string,
    options?: ListMessagesOptions,
    callOptions?: CallOptions,
  ): Promise<SocialMessage[]>;

  /**
   * Sends a message. The same sender and client id give the same message back, for ever.
   *
   * @throws {GuildhallError} `session_required` before anything is sent when nobody is signed in; `body_too_long`,
   *   `expired`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `slow_mode`, `timed_out`
   *
   * @example
   * await social.sendMessage(channelId, { body: 'Hello', clientId: crypto.randomUUID() });
   */
  sendMessage(
    channelId: string,
    payload: MessagePayload,
    callOptions?: CallOptions,
  ): Promise<SocialMessage>;
}

/**
 * The social surface, through a supabase-js client and its session, or for the caller whose token is given.
 *
 * @example
 * const social = createSocial(supabase); // in a browser: whoever is signed in
 * const theirs = createSocial({ supabase, accessToken }); // on a server: whoever sent this token
 */
export function createSocial(supabaseOrOptions: SocialClient | SocialOptions): Social {
  const callerNow = callerOf(supabaseOrOptions);
  return {
    listMessages: async (channelId, options = {}, callOptions = {}) => {
      const call = await callerNow();
      const { since } = options;
      const args = since instanceof Date ? { ...options, since: isoTime(since) } : options;
      return call<SocialMessage[]>(fetchSocialMessages, { ...args, channelId }, callOptions);
    },
    sendMessage: async (channelId, payload, callOptions = {}) => {
      const call = await callerNow();
      return call<SocialMessage>(insertSocialMessage, { ...payload, channelId }, callOptions);
    },
  };
}

/** Gives what calls as whoever is signed in at that moment, and refuses where nobody is. */
function callerOf(given: SocialClient | SocialOptions): () => Promise<Call> {
  if (isClient(given)) {
    const call = createCaller(given as unknown as RpcClient, { contractVersion });
    return async () => {
      const { data, error } = await given.auth.getSession();
      if (data.session === null) throw noSession(error);
      return call;
    };
  }
  const { supabase, accessToken, ...options } = given ?? {};
  if (typeof supabase?.rpc !== 'function') {
    throw new TypeError('createSocial takes a supabase-js client, or { supabase, accessToken }.');
  }
  return async () => {
    const token = typeof accessToken === 'function' ? await accessToken() : accessToken;
    return createCaller(actingWith(requireToken(token), supabase), { ...options, contractVersion });
  };
}

function isClient(given: SocialClient | SocialOptions): given is SocialClient {
  return typeof (given as Partial<SocialClient> | undefined)?.rpc === 'function';
}

/** The client with this token in place of its own session, which supabase-js leaves alone where the header is there already. */
function actingWith(token: string, supabase: Pick<SocialClient, 'rpc'>): RpcClient {
  const client = supabase as unknown as RpcClient;
  const rpc = (name: string, parameters: object) =>
    client.rpc(name, parameters).setHeader('authorization', `Bearer ${token}`);
  return { rpc: rpc as RpcClient['rpc'] };
}

/** A session that could only not be renewed for want of a network is not over. */
function noSession(cause: { name: string } | null): GuildhallError {
  if (cause?.name !== 'AuthRetryableFetchError') return sessionRequired(cause);
  const message = 'The server cannot be reached.';
  return new GuildhallError({ code: 'network_error', message, cause });
}

/** What is no time stays none, for the arguments' check to refuse. */
function isoTime(time: Date): string {
  return Number.isNaN(time.getTime()) ? String(time) : time.toISOString();
}
