import { GuildhallError } from './errors.ts';
import type { DescribedMessage } from './generated/rows.ts';

/** A message as everybody sees it: a broadcast cannot say which of its reactions are the reader's own. */
export type FeedMessage = Omit<DescribedMessage, 'my_reactions'> &
  Partial<Pick<DescribedMessage, 'my_reactions'>>;

/** One entry of a channel's change feed, from a broadcast or from `sync_channel`. */
export interface Change {
  readonly revision: number;
  readonly kind: string;
  readonly seq: number;
  /** Every message it is about: several where they were deleted, or lost their author, at once. */
  readonly seqs: readonly number[];
  /** The message as it is now; null when it is gone; undefined when the change does not touch what it shows. */
  readonly message: FeedMessage | null | undefined;
  /** The one reaction that came or went; null where it was none, or where the message says it all. */
  readonly reaction: Reacted | null;
}

/** One person's reaction that came or went. */
export interface Reacted {
  readonly emoji: string;
  readonly userId: string;
  readonly isAdded: boolean;
}

/** The answer of `sync_channel`. */
export interface SyncAnswer {
  readonly topic: string;
  /** Null: a direct channel. */
  readonly communityTopic: string | null;
  /** The channel that it is a thread of; null: it is none. */
  readonly parentId: string | null;
  /** Who asked. */
  readonly userId: string | null;
  readonly revision: number;
  readonly lastSeq: number;
  readonly resync: boolean;
  readonly hasMore: boolean;
  readonly changes: readonly Change[];
  readonly hidden: readonly HiddenMessages[];
}

/** What a ban has hidden: every message of one author between two times, both included. */
export interface HiddenMessages {
  readonly authorId: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/**
 * Reads one change of a channel, or returns null when it has not the shape of one or belongs elsewhere.
 *
 * @param payload what came over the wire
 * @param channelId the channel it must belong to
 */
export function readChange(payload: unknown, channelId: string): Change | null {
  if (!isRecord(payload)) return null;
  const { revision, kind, seq, seqs = [seq], message } = payload;
  if (!isCount(revision) || !isCount(seq) || typeof kind !== 'string') return null;
  if (!Array.isArray(seqs) || !seqs.every(isCount)) return null;
  const reaction = readReacted(payload.reaction);
  const change = { revision, kind, seq, seqs, reaction };
  if (message === null || message === undefined) return { ...change, message };
  const row = readMessage(message, channelId);
  return row !== null && row.seq === seq ? { ...change, message: row } : null;
}

function readReacted(value: unknown): Reacted | null {
  if (!isRecord(value)) return null;
  const { emoji, user_id: userId, is_added: isAdded } = value;
  const fits = typeof emoji === 'string' && typeof userId === 'string';
  return fits ? { emoji, userId, isAdded: isAdded === true } : null;
}

/** Reads a message of a channel, or returns null. Columns beyond the known ones are kept. */
export function readMessage(value: unknown, channelId: string): FeedMessage | null {
  if (!isRecord(value)) return null;
  const fits =
    value.channel_id === channelId &&
    isCount(value.seq) &&
    isCount(value.revision) &&
    (value.author_id === null || typeof value.author_id === 'string') &&
    typeof value.body === 'string' &&
    Array.isArray(value.reactions) &&
    Array.isArray(value.attachments) &&
    typeof value.created_at === 'string';
  if (!fits) return null;
  const row = value as unknown as FeedMessage;
  const { reply } = row;
  return {
    ...row,
    reply: reply && { ...reply, created_at: isoTimeOrNull(reply.created_at) },
    created_at: isoTime(row.created_at),
    edited_at: isoTimeOrNull(row.edited_at),
    pinned_at: isoTimeOrNull(row.pinned_at),
  };
}

/**
 * A row of a REST answer and the same row in a broadcast spell their times differently on some servers
 * (`2026-11-20 22:27:37+00` and `2026-11-20T22:27:37+00:00`). One message must look the same whichever way it came.
 */
function isoTime(time: string): string {
  return time.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}

function isoTimeOrNull(time: string | null): string | null {
  return time && isoTime(time);
}

/** Reads the answer of `list_messages`: ascending by seq. Throws `unexpected_answer` for anything else. */
export function readPage(value: unknown, channelId: string): FeedMessage[] {
  if (!Array.isArray(value)) throw unexpected('list_messages');
  let before = 0;
  return value.map((item) => {
    const row = readMessage(item, channelId);
    if (row === null || row.seq <= before) throw unexpected('list_messages');
    before = row.seq;
    return row;
  });
}

/** Reads the answer of `sync_channel`. Throws `unexpected_answer` for anything else. */
export function readSyncAnswer(value: unknown, channelId: string): SyncAnswer {
  if (!isRecord(value)) throw unexpected('sync_channel');
  const { topic, community_topic: communityTopic, revision, last_seq: lastSeq } = value;
  if (typeof topic !== 'string') throw unexpected('sync_channel');
  if (!isCount(revision) || !isCount(lastSeq)) throw unexpected('sync_channel');
  const listed = value.changes ?? [];
  if (!Array.isArray(listed)) throw unexpected('sync_channel');
  const changes = listed.map((item) => {
    const change = readChange(item, channelId);
    if (change === null) throw unexpected('sync_channel');
    return change;
  });
  return {
    topic,
    communityTopic: typeof communityTopic === 'string' ? communityTopic : null,
    parentId: typeof value.parent_id === 'string' ? value.parent_id : null,
    userId: typeof value.user_id === 'string' ? value.user_id : null,
    revision,
    lastSeq,
    resync: value.resync === true,
    hasMore: value.has_more === true,
    changes,
    hidden: readHidden(value.hidden ?? []),
  };
}

function readHidden(value: unknown): HiddenMessages[] {
  if (!Array.isArray(value)) throw unexpected('sync_channel');
  return value.map((item) => {
    if (!isRecord(item) || typeof item.author_id !== 'string') throw unexpected('sync_channel');
    const [since, until] = [Date.parse(String(item.since)), Date.parse(String(item.until))];
    if (Number.isNaN(since) || Number.isNaN(until)) throw unexpected('sync_channel');
    return { authorId: item.author_id, since, until };
  });
}

/** Reads the channels that a structure event names as moved: their topics have new names. */
export function movedChannels(payload: unknown): readonly unknown[] {
  return isRecord(payload) && Array.isArray(payload.moved) ? payload.moved : [];
}

function unexpected(source: string): GuildhallError {
  return new GuildhallError({
    code: 'unexpected_answer',
    message: `${source} did not answer with what the contract promises.`,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from 0 that JSON can carry exactly. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
