import WebSocket from 'ws';

export type WebSocketConstructor = new (
  address: string | URL,
  protocols?: string | string[],
) => WebSocket;

/** A WebSocket for a realtime client, and the hand that cuts its cable. */
export interface CuttableTransport {
  readonly WebSocket: WebSocketConstructor;
  /** Destroys every open socket without a goodbye, and each new one until `restore`. Returns how many were open. */
  cut(): number;
  restore(): void;
  /** Attempts to connect that were refused, so far. */
  readonly refused: number;
}

export function createCuttableTransport(): CuttableTransport {
  const open = new Set<WebSocket>();
  let isCut = false;
  let refused = 0;

  class CuttableWebSocket extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      open.add(this);
      this.once('close', () => open.delete(this));
      if (!isCut) return;
      refused += 1;
      // Not in the constructor: whoever made the socket must be able to listen first.
      setImmediate(() => this.terminate());
    }
  }

  return {
    WebSocket: CuttableWebSocket,
    cut() {
      isCut = true;
      const connected = [...open].filter((socket) => socket.readyState === WebSocket.OPEN);
      for (const socket of open) socket.terminate();
      return connected.length;
    },
    restore() {
      isCut = false;
    },
    get refused() {
      return refused;
    },
  };
}
