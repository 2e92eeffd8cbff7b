/** A row of `chat_messages`. */
export interface ChatMessageRow {
  readonly id: string;
  readonly thread_id: string;
  readonly seq: number;
  readonly sender_mongo_id: string;
  readonly recipient_mongo_id: string;
  readonly body: string;
  readonly client_id: string | null;
  readonly created_at: string;
  readonly edited_at: string | null;
}

/** The message as clients get it. Times are ISO 8601, to the microsecond: `before` must be able to name one. */
export function chatMessage(row: ChatMessageRow) {
  return {
    id: row.id,
    threadId: row.thread_id,
    senderId: row.sender_mongo_id,
    recipientId: row.recipient_mongo_id,
    body: row.body,
    createdAt: isoTime(row.created_at),
    editedAt: row.edited_at === null ? null : isoTime(row.edited_at),
    seq: row.seq,
    clientId: row.client_id,
  };
}

/** PostgreSQL's own spelling, which the embedded stack passes on: `2026-11-21 10:00:00.5+00`. */
export function isoTime(time: string): string {
  return time.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}
