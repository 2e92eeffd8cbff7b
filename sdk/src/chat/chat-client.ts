import { ChatRealtime } from './chat-realtime.ts';
import type { ChatThreadOptions } from './chat-snapshot.ts';
import { ChatThread } from './chat-thread.ts';
import { Gateway } from './gateway.ts';

export interface ChatClientOptions extends ChatThreadOptions {
  /** Where the gateway is: `https://<project>.supabase.co/functions/v1/gateway`, or a path of the page's own server. */
  readonly gatewayUrl: string;
  /**
   * The application's own access token; `renew` when the last one was refused. Left out, the session is in cookies, and the gateway
   * gives its token and renews it.
   */
  readonly getToken?: (ask: {
    renew: boolean;
  }) => string | null | undefined | Promise<string | null | undefined>;
  /** Replaces the runtime's own. */
  readonly fetch?: typeof fetch;
  /** Node below 22 has none of its own. */
  readonly webSocket?: typeof WebSocket;
}

export interface ChatClient {
  /**
   * Opens the conversation with a person, by the id that the application knows them under. Resolves when its newest messages are there.
   *
   * @throws {GuildhallError} `session_required`, `not_linked`, `not_found`, `missing_permission`, `blocked`, `network_error`, …
   */
  openThread(otherUserMongoId: string): Promise<ChatThread>;
  /** Closes all its threads, and its connection. */
  close(): void;
}

/**
 * A chat that needs to know where the gateway is, and nothing else.
 *
 * @example
 * const chat = createChatClient({ gatewayUrl });
 * const thread = await chat.openThread(otherUserMongoId);
 * thread.subscribe(() => render(thread.getSnapshot().messages));
 * await thread.send('Hello');
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  if (typeof (options as Partial<ChatClientOptions> | undefined)?.gatewayUrl !== 'string') {
    throw new TypeError('createChatClient takes { gatewayUrl }.');
  }
  const gateway = new Gateway(options);
  const realtime =
    options.realtime === 'poll' ? null : new ChatRealtime(gateway, options.webSocket);
  const threads = new Set<ChatThread>();
  return {
    openThread: async (otherUserMongoId) => {
      const ensured = await gateway.ensureThread(otherUserMongoId);
      const thread = new ChatThread(ensured, gateway, realtime, options);
      threads.add(thread);
      await thread.start();
      return thread;
    },
    close: () => {
      for (const thread of threads) thread.close();
      threads.clear();
      realtime?.close();
    },
  };
}
