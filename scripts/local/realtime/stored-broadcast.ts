import type { Broadcast, JsonObject } from './protocol.ts';

/** Columns to read a row of realtime.messages (alias m) as a StoredRow. A payload beyond `$limit` bytes is left out. */
export function storedColumns(limit: string): string {
  return `m.id::text as id, m.topic, m.event, m.private,
    coalesce(octet_length(m.payload::text), octet_length(m.binary_payload)) as bytes,
    case when octet_length(m.payload::text) <= ${limit} then m.payload::text end as payload,
    case when octet_length(m.binary_payload) <= ${limit}
      then translate(encode(m.binary_payload, 'base64'), E'\\n', '') end as binary_payload`;
}

export interface StoredRow {
  id: string;
  topic: string;
  event: string;
  private: boolean;
  /** Size of the payload; null when the row has none. */
  bytes: number | null;
  payload: string | null;
  binary_payload: string | null;
}

/** The broadcast a row of realtime.messages stands for, or null when its payload is absent or was left out as too large. */
export function storedBroadcast(row: StoredRow, meta: JsonObject): Broadcast | null {
  if (row.binary_payload !== null) {
    const payload = Buffer.from(row.binary_payload, 'base64');
    return { kind: 'binary', event: row.event, payload, meta };
  }
  if (row.payload === null) return null;
  return { kind: 'json', event: row.event, payload: row.payload, meta };
}
