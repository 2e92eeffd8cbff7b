import { backoffMs } from '../backoff.ts';
import { type Subscription, TopicHub, type TopicListener, type TopicSource } from '../topic-hub.ts';
import type { Gateway } from './gateway.ts';

const CONNECT_BACKOFF = { baseMs: 1_000, capMs: 30_000 };

/** Realtime, found when the first thread wants it: neither its address nor its key is in the client's own code. */
export class ChatRealtime implements TopicSource {
  readonly #gateway: Gateway;
  readonly #webSocket: typeof WebSocket | undefined;
  #connecting: Promise<TopicHub> | null = null;
  #disconnect: (() => void) | null = null;
  #isClosed = false;

  constructor(gateway: Gateway, webSocket: typeof WebSocket | undefined) {
    this.#gateway = gateway;
    this.#webSocket = webSocket;
  }

  join(topic: string, listener: TopicListener): Subscription {
    let held: Subscription | null = null;
    let hasLeft = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tryToJoin = async (attempt: number) => {
      try {
        const hub = await this.#hub();
        if (!hasLeft) held = hub.join(topic, listener);
      } catch {
        if (hasLeft || this.#isClosed) return;
        listener.onDown();
        timer = setTimeout(
          () => void tryToJoin(attempt + 1),
          500 + backoffMs(attempt, CONNECT_BACKOFF),
        );
      }
    };
    void tryToJoin(0);
    return {
      renew: () => held?.renew(),
      leave: () => {
        hasLeft = true;
        clearTimeout(timer);
        held?.leave();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect?.();
  }

  #hub(): Promise<TopicHub> {
    this.#connecting ??= this.#connect().catch((cause: unknown) => {
      this.#connecting = null;
      throw cause;
    });
    return this.#connecting;
  }

  async #connect(): Promise<TopicHub> {
    const [{ RealtimeClient }, { url, anonKey }] = await Promise.all([
      import('@supabase/supabase-js'),
      this.#gateway.realtimeSettings(),
    ]);
    if (this.#isClosed) throw new Error('The chat is closed.');
    const realtime = new RealtimeClient(`${url.replace(/^http/, 'ws')}/realtime/v1`, {
      params: { apikey: anonKey },
      accessToken: () => this.#gateway.token.get(),
      ...(this.#webSocket === undefined ? {} : { transport: this.#webSocket as never }),
    });
    this.#disconnect = () => void realtime.disconnect();
    return new TopicHub({
      realtime,
      channel: (name, options) => realtime.channel(name, options),
      removeChannel: (channel) => realtime.removeChannel(channel),
    });
  }
}
