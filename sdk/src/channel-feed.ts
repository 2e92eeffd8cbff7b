import { GuildhallError } from './errors.ts';
import type { Message } from './generated/rows.ts';

/** One entry of a channel's change feed, from a broadcast or from `sync_channel`. */
export interface Change {
  readonly revision: number;
  readonly kind: string;
  readonly seq: number;
  /** The message as it is now; null when it is gone; undefined when the change does not touch what it shows. */
  readonly message: Message | null | undefined;
}

/** The answer of `sync_channel`. */
export interface SyncAnswer {
  readonly topic: string;
  readonly communityTopic: string;
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
  const { revision, kind, seq, message } = payload;
  if (!isCount(revision) || !isCount(seq) || typeof kind !== 'string') return null;
  if (message === null || message === undefined) return { revision, kind, seq, message };
  const row = readMessage(message, channelId);
  return row !== null && row.seq === seq ? { revision, kind, seq, message: row } : null;
}

/** Reads a message row of a channel, or returns null. Columns beyond the known ones are kept. */
export function readMessage(value: unknown, channelId: string): Message | null {
  if (!isRecord(value)) return null;
  const fits =
    value.channel_id === channelId &&
    isCount(value.seq) &&
    isCount(value.revision) &&
    (value.author_id === null || typeof value.author_id === 'string') &&
    typeof value.body === 'string' &&
    typeof value.created_at === 'string';
  if (!fits) return null;
  const row = value as unknown as Message;
  return { ...row, created_at: isoTime(row.created_at) };
}

/**
 * A row of a REST answer and the same row in a broadcast spell their times differently on some servers
 * (`2026-11-20 22:27:37+00` and `2026-11-20T22:27:37+00:00`). One message must look the same whichever way it came.
 */
function isoTime(time: string): string {
  return time.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}

/** Reads the answer of `list_messages`: ascending by seq. Throws `unexpected_answer` for anything else. */
export function readPage(value: unknown, channelId: string): Message[] {
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
  if (typeof topic !== 'string' || typeof communityTopic !== 'string') {
    throw unexpected('sync_channel');
  }
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
    communityTopic,
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
