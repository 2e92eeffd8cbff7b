import { backoffMs } from '../backoff.ts';
import { GuildhallError } from '../errors.ts';
import type { ChatMessage } from './chat-message.ts';
import { ChatToken, issuedToken } from './chat-token.ts';
import { type GatewayRequest, requestGateway } from './gateway-request.ts';

/** Where to find Realtime, as the gateway says it when it is needed. */
export interface RealtimeSettings {
  readonly url: string;
  readonly anonKey: string;
}

export interface EnsuredThread {
  readonly threadId: string;
  readonly otherUserMongoId: string;
}

export interface HistoryQuery {
  readonly threadId: string;
  readonly beforeSeq?: number;
  readonly afterSeq?: number;
  readonly limit: number;
}

export interface GatewayOptions {
  readonly gatewayUrl: string;
  readonly getToken?:
    | ((ask: { renew: boolean }) => string | null | undefined | Promise<string | null | undefined>)
    | undefined;
  readonly fetch?: typeof fetch | undefined;
}

type Asked = Omit<GatewayRequest, 'token'>;

const REPEAT_BACKOFF = { baseMs: 200, capMs: 3_000 };
const MAX_ATTEMPTS = 4;
/** A longer wait is for the person to decide on. */
const MAX_RETRY_AFTER_SECONDS = 5;

/** The gateway's routes, each safe to repeat. A refused token is renewed once, and what failed on the way is tried again. */
export class Gateway {
  readonly token: ChatToken;
  readonly #url: string;
  readonly #fetch: typeof fetch;

  constructor({ gatewayUrl, getToken, fetch: given }: GatewayOptions) {
    this.#url = gatewayUrl.replace(/\/+$/, '');
    // Browsers call fetch on nothing but the window.
    this.#fetch = given ?? ((input, init) => fetch(input, init));
    this.token = new ChatToken(
      getToken === undefined
        ? () => this.#issueFromCookies()
        : async (renew) => issuedToken(await getToken({ renew })),
    );
  }

  ensureThread(otherUserMongoId: string): Promise<EnsuredThread> {
    return this.#ask({ method: 'POST', path: '/chat/threads/ensure', body: { otherUserMongoId } });
  }

  send(body: {
    threadId: string;
    recipientMongoId: string;
    body: string;
    clientId: string;
  }): Promise<ChatMessage> {
    return this.#ask({ method: 'POST', path: '/chat/send', body });
  }

  /** By ascending seq. */
  async history(query: HistoryQuery): Promise<readonly ChatMessage[]> {
    const { messages } = await this.#ask<{ messages: ChatMessage[] }>({
      method: 'GET',
      path: '/chat/history',
      query: { ...query },
    });
    return messages;
  }

  realtimeSettings(): Promise<RealtimeSettings> {
    return this.#ask({ method: 'GET', path: '/config/supabase' });
  }

  async #issueFromCookies() {
    const answer = await this.#untilSettled<{ access_token: string; expires_at: number }>(
      { method: 'GET', path: '/auth/token' },
      null,
    );
    return { token: answer.access_token, expiresAt: answer.expires_at * 1000 };
  }

  async #ask<T>(request: Asked): Promise<T> {
    const token = await this.token.get();
    try {
      return await this.#untilSettled<T>(request, token);
    } catch (error) {
      if (!(error instanceof GuildhallError) || error.status !== 401) throw error;
      return this.#untilSettled<T>(request, await this.token.renew(token));
    }
  }

  async #untilSettled<T>(request: Asked, token: string | null): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await requestGateway<T>(this.#url, { ...request, token }, this.#fetch);
      } catch (error) {
        const waitMs = attempt + 1 < MAX_ATTEMPTS ? repeatAfterMs(error, attempt) : null;
        if (waitMs === null) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}

/** Milliseconds until the next attempt, or null when the failure is final. */
function repeatAfterMs(error: unknown, attempt: number): number | null {
  if (!(error instanceof GuildhallError)) return null;
  const backoff = backoffMs(attempt, REPEAT_BACKOFF);
  if (error.status === 429) {
    const seconds = error.retryAfter ?? 1;
    return seconds <= MAX_RETRY_AFTER_SECONDS ? seconds * 1000 + backoff : null;
  }
  const isPassing = error.status === 0 || [502, 503, 504].includes(error.status);
  return isPassing && error.code !== 'contract_mismatch' ? backoff : null;
}
