import { createClient } from '@supabase/supabase-js';
import { GuildhallError } from '../errors.ts';
import type { GuildhallOptions } from '../guildhall.ts';
import { answerRefusing, answerWith } from './answer.ts';
import { readJsonObject } from './read-json-object.ts';
import { requireToken } from './require-token.ts';
import { createSocial, type MessagePayload } from './social.ts';

export interface SocialHandlersOptions extends GuildhallOptions {
  readonly supabaseUrl: string;
  /** The publishable key, never the secret one: who may do what is told by the caller's token. */
  readonly publishableKey: string;
  /** Replaces the runtime's own. */
  readonly fetch?: typeof fetch;
}

/** Handlers for whatever speaks the Web's Request and Response. Each asks for `Authorization: Bearer <access token>`. */
export interface SocialHandlers {
  /** `GET ?channelId=&limit=&since=`: `{ data }`, the newest message first, or `{ error: { code, message, requestId } }`. */
  handleListMessages(request: Request): Promise<Response>;
  /** `POST {"channelId", "body", "clientId"?}`: `{ data }`, the message, or `{ error: { code, message, requestId } }`. */
  handleSendMessage(request: Request): Promise<Response>;
}

/**
 * HTTP handlers of the social surface, to be mounted in any server. The caller's token is passed on, so the database
 * decides as it would for a client of its own; nothing is kept between requests.
 *
 * Statuses: 401 without a valid token, 403 and 404 as the database says, 405, 410 for a retry of what is deleted, 413, 422
 * for a wrong payload, 429 with `Retry-After`, and 5xx where the backend fails. Nothing is cached, and CORS is the server's.
 *
 * @example
 * const { handleListMessages, handleSendMessage } = createSocialHandlers({ supabaseUrl, publishableKey });
 * Deno.serve((request) =>
 *   request.method === 'POST' ? handleSendMessage(request) : handleListMessages(request),
 * );
 */
export function createSocialHandlers(options: SocialHandlersOptions): SocialHandlers {
  const { supabaseUrl, publishableKey, fetch, ...callerOptions } = options;
  const supabase = createClient(supabaseUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: fetch === undefined ? {} : { fetch },
    realtime: { transport: NoSocket as never },
  });
  const socialOf = (request: Request) =>
    createSocial({
      supabase,
      accessToken: requireToken(bearerOf(request)),
      // Whoever called waits for us and can wait by itself: it is told when to come back.
      retryAfterCapMs: 0,
      deadlineMs: 10_000,
      ...callerOptions,
    });

  return {
    handleListMessages: answering('GET', async (request) => {
      const social = socialOf(request);
      const query = new URL(request.url).searchParams;
      return social.listMessages(
        query.get('channelId') as string,
        { limit: numberIn(query.get('limit')), since: query.get('since') },
        { signal: request.signal },
      );
    }),
    handleSendMessage: answering('POST', async (request) => {
      // Before the body is read: nobody makes us read who is not signed in.
      const social = socialOf(request);
      const { channelId, ...payload } = await readJsonObject(request);
      // The SDK checks what they are, and refuses what it does not know.
      return social.sendMessage(channelId as string, payload as unknown as MessagePayload, {
        signal: request.signal,
      });
    }),
  };
}

/** Never rejects: what a server makes of an exception is its own and may show anything. */
function answering(method: string, handle: (request: Request) => Promise<unknown>) {
  return async (request: Request): Promise<Response> => {
    try {
      if (request.method !== method) throw methodNotAllowed(method);
      return answerWith(await handle(request));
    } catch (error) {
      return answerRefusing(error);
    }
  };
}

function methodNotAllowed(allow: string): GuildhallError {
  const message = `Only ${allow} is answered here.`;
  return new GuildhallError({
    code: 'method_not_allowed',
    message,
    status: 405,
    details: { allow },
  });
}

function bearerOf(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** A text that is no number stays one, for the arguments' check to refuse. */
function numberIn(text: string | null): number | null {
  return (text !== null && /^-?\d+$/.test(text) ? Number(text) : text) as number | null;
}

/** Handlers open no socket; but below Node 22, which has none, supabase-js wants one to be made at all. */
class NoSocket {
  constructor() {
    throw new Error('The social handlers open no socket.');
  }
}
