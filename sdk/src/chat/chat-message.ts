/** A message of a thread, as the gateway answers and as broadcasts bring it. */
export interface ChatMessage {
  readonly id: string;
  readonly threadId: string;
  /** External id of who wrote it. */
  readonly senderId: string;
  /** External id of the other. */
  readonly recipientId: string;
  readonly body: string;
  /** ISO 8601, to the microsecond. */
  readonly createdAt: string;
  readonly editedAt: string | null;
  /** Position in the thread, ascending. What was deleted leaves its number behind. */
  readonly seq: number;
  /** The sender's own mark; null where they gave none. */
  readonly clientId: string | null;
}

/** What happened to a message, as a broadcast says. */
export type ChatEvent =
  | { readonly kind: 'inserted'; readonly message: ChatMessage }
  | { readonly kind: 'updated'; readonly message: ChatMessage }
  | { readonly kind: 'deleted'; readonly seq: number };

/** Reads the payload of a broadcast on a thread's topic. Null: it is none that this client knows. */
export function readChatEvent(payload: unknown): ChatEvent | null {
  const { operation, record, old_record: old } = asObject(payload);
  if (operation === 'DELETE') {
    const { seq } = asObject(old);
    return typeof seq === 'number' ? { kind: 'deleted', seq } : null;
  }
  const message = messageIn(asObject(record));
  if (message === null) return null;
  if (operation === 'INSERT') return { kind: 'inserted', message };
  return operation === 'UPDATE' ? { kind: 'updated', message } : null;
}

function messageIn(row: Readonly<Record<string, unknown>>): ChatMessage | null {
  if (typeof row.id !== 'string' || typeof row.seq !== 'number') return null;
  return {
    id: row.id,
    threadId: String(row.thread_id),
    senderId: String(row.sender_mongo_id),
    recipientId: String(row.recipient_mongo_id),
    body: String(row.body),
    createdAt: String(row.created_at),
    editedAt: typeof row.edited_at === 'string' ? row.edited_at : null,
    seq: row.seq,
    clientId: typeof row.client_id === 'string' ? row.client_id : null,
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
