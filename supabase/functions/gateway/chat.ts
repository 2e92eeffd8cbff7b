import { callDatabase } from '../_shared/call-database.ts';
import { isText, readFields } from '../_shared/read-fields.ts';
import { invalidArgument } from '../_shared/refusal.ts';
import type { Answer } from './answers.ts';
import { type ChatMessageRow, chatMessage, isoTime } from './chat-message.ts';
import { requireToken } from './session.ts';
import { senderOf } from './thread-id.ts';

interface ChatThreadRow {
  readonly thread_id: string;
  readonly other_mongo_id: string;
  readonly other_supabase_id: string;
  readonly created_at: string;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

/** `POST /chat/threads/ensure` `{otherUserMongoId}`: the thread of the caller and this person, made now if there was none. */
export async function ensureThread(request: Request, requestId: string): Promise<Answer> {
  // Before the body is read: of whoever brings no session nothing is.
  const token = requireToken(request);
  const { otherUserMongoId } = await readFields(request, ['otherUserMongoId']);
  const thread = await callDatabase<ChatThreadRow>(
    'ensure_chat_thread',
    { _other_mongo_id: otherUserMongoId },
    { token, requestId },
  );
  return {
    body: {
      threadId: thread.thread_id,
      otherUserMongoId: thread.other_mongo_id,
      otherUserId: thread.other_supabase_id,
      createdAt: isoTime(thread.created_at),
    },
  };
}

/**
 * `POST /chat/send` `{threadId, recipientMongoId, body, clientId?}`: the message. The same sender and client id give the same message
 * back, for ever.
 */
export async function send(request: Request, requestId: string): Promise<Answer> {
  const token = requireToken(request);
  const fields = await readFields(request, ['threadId', 'recipientMongoId', 'body'], ['clientId']);
  const { threadId, recipientMongoId } = fields as { threadId: string; recipientMongoId: string };
  const row = await callDatabase<ChatMessageRow>(
    'insert_chat_message',
    {
      _thread_id: threadId,
      // Who the caller is says their token; a thread that is not theirs gives an id here that the database refuses.
      _sender_mongo_id: senderOf(threadId, recipientMongoId),
      _recipient_mongo_id: recipientMongoId,
      _body: fields.body,
      _client_id: fields.clientId,
    },
    { token, requestId },
  );
  return { body: chatMessage(row) };
}

/** `GET /chat/history?threadId=&before=&beforeSeq=&afterSeq=&limit=`: `{messages}`, by ascending seq. */
export async function history(request: Request, requestId: string): Promise<Answer> {
  const token = requireToken(request);
  const query = new URL(request.url).searchParams;
  const threadId = query.get('threadId');
  if (!threadId || !isText(threadId)) throw invalidArgument('threadId must be a text.');
  const limit = wholeNumber(query, 'limit') ?? DEFAULT_LIMIT;
  const rows = await callDatabase<ChatMessageRow[]>(
    'fetch_chat_history',
    {
      _thread_id: threadId,
      _before: time(query, 'before'),
      _before_seq: wholeNumber(query, 'beforeSeq'),
      _after_seq: wholeNumber(query, 'afterSeq'),
      _limit: Math.min(Math.max(limit, 1), MAX_LIMIT),
    },
    { token, requestId },
  );
  return { body: { messages: rows.map(chatMessage).sort((one, other) => one.seq - other.seq) } };
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw invalidArgument(`${name} must be a whole number.`);
}

/** Only times that are written out: PostgreSQL would also take words, such as `yesterday`. */
function time(query: URLSearchParams, name: string): string | null {
  const text = query.get(name);
  if (text === null) return null;
  const isIso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)$/.test(
    text,
  );
  if (isIso && !Number.isNaN(Date.parse(isoTime(text)))) return text;
  throw invalidArgument(`${name} must be a time with its zone, such as 2026-01-31T12:00:00Z.`);
}
