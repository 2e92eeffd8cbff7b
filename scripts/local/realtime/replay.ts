import type { Database } from '../../database/database.ts';
import type { Broadcast } from './protocol.ts';
import { type StoredRow, storedBroadcast, storedColumns } from './stored-broadcast.ts';

const mostRows = 25;

export interface ReplayedBroadcast {
  id: string;
  broadcast: Broadcast;
}

/**
 * The latest broadcasts of a private topic, oldest first: at most `limit` (25 at the most) of those stored at or
 * after `sinceMs` (milliseconds since 1970).
 */
export async function replay(
  database: Database,
  topic: string,
  sinceMs: number,
  limit: number,
  payloadBytes: number,
): Promise<ReplayedBroadcast[]> {
  const rows = await database.query<StoredRow>(
    `select ${storedColumns('$4::int')}
     from realtime.messages m
     where m.topic = $1::text and m.private and m.extension = 'broadcast' and m.event is not null
       and m.inserted_at >= to_timestamp($2::float8 / 1000) at time zone 'UTC'
     order by m.inserted_at desc
     limit $3::int`,
    [topic, sinceMs, Math.min(Math.max(Math.trunc(limit), 1), mostRows), payloadBytes],
  );
  return rows.reverse().flatMap((row) => {
    const broadcast = storedBroadcast(row, { replayed: true, id: row.id });
    return broadcast === null ? [] : [{ id: row.id, broadcast }];
  });
}
