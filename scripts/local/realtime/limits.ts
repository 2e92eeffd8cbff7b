/** What one client may do to the relay. The defaults are a hosted project's on the free plan where it has such a limit. */
export interface RelayLimits {
  /** Largest payload of one broadcast or presence, in bytes of its JSON text or of its binary body. */
  payloadBytes: number;
  /** Largest frame or request body a client may send, in bytes. */
  frameBytes: number;
  /** Channels one connection may be joined to at a time. */
  channelsPerConnection: number;
  /** Messages one connection may send in a second; more closes the channel it came in on. */
  messagesPerSecond: number;
  /** track and untrack calls of one channel in `presenceWindowMs`; more closes the channel. */
  presenceCalls: number;
  presenceWindowMs: number;
  /** A connection that sends nothing, not even a heartbeat, for this long is dead. */
  silenceMs: number;
  /** A connection that leaves this much unread in its socket is cut off, in bytes. */
  unreadBytes: number;
}

export const defaultLimits: RelayLimits = {
  payloadBytes: 256_000,
  frameBytes: 1_000_000,
  channelsPerConnection: 100,
  messagesPerSecond: 500,
  presenceCalls: 5,
  presenceWindowMs: 30_000,
  silenceMs: 60_000,
  unreadBytes: 16_000_000,
};
