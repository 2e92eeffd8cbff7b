import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from './protocol.ts';

/** What a client asks for in `phx_join`. */
export interface ChannelConfig {
  private: boolean;
  /** Answer each broadcast once it is on its way. */
  acknowledge: boolean;
  /** Send a client's broadcasts to itself too. */
  self: boolean;
  presenceEnabled: boolean;
  presenceKey: string;
  /** Broadcasts stored since `sinceMs` (milliseconds since 1970) to send again after the join. */
  replay: { sinceMs: number; limit: number } | null;
  /** Tell the client when broadcasts from the database flow. */
  announceReady: boolean;
  postgresChanges: unknown[];
}

/** Reads the join payload; what is absent or of another type counts as not asked for. */
export function channelConfig(payload: JsonObject): ChannelConfig {
  const config = section(payload.config);
  const broadcast = section(config.broadcast);
  const presence = section(config.presence);
  const replay = broadcast.replay;
  return {
    private: config.private === true,
    acknowledge: broadcast.ack === true,
    self: broadcast.self === true,
    presenceEnabled: presence.enabled === true,
    presenceKey:
      typeof presence.key === 'string' && presence.key !== '' ? presence.key : randomUUID(),
    replay: isJsonObject(replay)
      ? { sinceMs: number(replay.since, Date.now()), limit: number(replay.limit, 25) }
      : null,
    announceReady: broadcast.replication_ready === true,
    postgresChanges: Array.isArray(config.postgres_changes) ? config.postgres_changes : [],
  };
}

function section(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
