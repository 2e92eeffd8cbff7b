// Generated from supabase/contract.json by npm run generate; do not edit.

// Rows are exactly what the database sends, snake_case names and all, so that a row from a method and the same row
// read through the REST API are equal. Times are strings with an offset, ids are UUID strings.

/**
 * A privileged change in a community, as it was made.
 *
 * A row of `public.audit_log`.
 */
export interface AuditLog {
  community_id: string;
  /** Number in the community's log: 1, 2, 3 … without gaps. */
  number: number;
  at: string;
  /** Who did it; null: the server by itself. */
  actor_id: string | null;
  action: string;
  /** What it was done to: the id of a user, role, channel or group, or the beginning of an invite's code. */
  target_id: string | null;
  /** The changed facts as they were; null where there was nothing. */
  before: unknown | null;
  /** The changed facts as they are; null where nothing is left. */
  after: unknown | null;
  reason: string | null;
  /** The request's x-request-id, by which it is found in other logs. */
  request_id: string | null;
  /** The hash of the row before; empty for the first. */
  previous_hash: string;
  /** SHA-256, in hexadecimal, over previous_hash and this row. See audit_hash. */
  hash: string;
}

/**
 * A user who may not join a community.
 *
 * A row of `public.bans`.
 */
export interface Ban {
  community_id: string;
  user_id: string;
  /** Who banned. */
  actor_id: string | null;
  reason: string | null;
  /** When it ends by itself; null: never. */
  expires_at: string | null;
  created_at: string;
}

/**
 * Somebody whom the caller has blocked.
 *
 * A row of `public.blocked_user`.
 */
export interface BlockedUser {
  user_id: string;
  username: string;
  display_name: string;
  /** Since when. */
  created_at: string;
}

/**
 * How a function, or an operation beside the API, did in a window of time.
 *
 * A row of `public.call_rate`.
 */
export interface CallRate {
  /** Who says so: a client's adapter, which is a claim, or a server's. */
  source: 'client' | 'server';
  function: string;
  calls: number;
  calls_per_second: number;
  /** How many callers were told that they may not, or cannot now: no fault of ours. */
  refused: number;
  /** How many failed by our fault (private.error_codes). */
  faults: number;
  /** Failures by code. */
  codes: Record<string, number>;
  /** Milliseconds that half of the successes took at most, within 10 %; null without a success. */
  p50_ms: number | null;
  /** Milliseconds that 95 of 100 successes took at most. */
  p95_ms: number | null;
  /** Milliseconds that 99 of 100 successes took at most. */
  p99_ms: number | null;
  /** Of 100 calls, how many must not fail by our fault. */
  objective: number;
  /** What is left of the faults that the objective allows: 1 all, 0 nothing; below 0 there were more. */
  budget_left: number;
}

/**
 * What a group allows or denies a role or a member, in the channels synced with it.
 *
 * A row of `public.channel_group_overwrites`.
 */
export interface ChannelGroupOverwrite {
  community_id: string;
  group_id: string;
  role_id: string | null;
  user_id: string | null;
  subject_id: string;
}

/**
 * A heading under which channels stand.
 *
 * A row of `public.channel_groups`.
 */
export interface ChannelGroup {
  community_id: string;
  id: string;
  name: string;
  position: number;
  created_at: string;
}

/**
 * What a channel allows or denies a role or a member.
 *
 * A row of `public.channel_overwrites`.
 */
export interface ChannelOverwrite {
  community_id: string;
  channel_id: string;
  role_id: string | null;
  user_id: string | null;
  subject_id: string;
}

/**
 * A channel of a community.
 *
 * A row of `public.channels`.
 */
export interface Channel {
  community_id: string;
  id: string;
  group_id: string | null;
  /** What it is for. */
  kind: 'text' | 'voice';
  name: string;
  /** Place within its group, ascending. */
  position: number;
  /** Whether it carries the overwrites of its group; editing its own ends that. */
  is_synced: boolean;
  /** Seconds that everybody waits between two messages, up to 6 hours; 0: no slow mode. */
  slow_mode_seconds: number;
  /** Whether joins are told in it; at most one channel of a community does. */
  announces_joins: boolean;
  /** Part of the name of the channel's topic; rises when somebody loses the right to view it or to read its history. */
  topic_epoch: number;
  created_at: string;
}

/**
 * A message between two people who are known by their ids in another system.
 *
 * A row of `public.chat_messages`.
 */
export interface ChatMessage {
  /** `<channel_id>:<seq>`, the same for ever. Filter by `channel_id` and `seq`, which have an index. */
  id: string;
  /** Both external ids in the order of their bytes, joined by `_`. */
  thread_id: string;
  channel_id: string;
  /** Number in the chat: rising in commit order, with gaps where messages are deleted or not of people. */
  seq: number;
  sender_mongo_id: string;
  recipient_mongo_id: string;
  sender_supabase_id: string;
  recipient_supabase_id: string;
  /** 1 to 4,000 characters; empty where there are only files. */
  body: string;
  /** The sender's own mark, by which a retry is known: up to 64 characters. */
  client_id: string | null;
  created_at: string;
  /** When its body was last edited; null: never. */
  edited_at: string | null;
}

/**
 * A chat of the caller's with somebody else, both known by their ids in another system.
 *
 * A row of `public.chat_threads`.
 */
export interface ChatThread {
  /** Both external ids in the order of their bytes, joined by `_`. */
  thread_id: string;
  /** The direct channel that it is. */
  channel_id: string;
  other_mongo_id: string;
  other_supabase_id: string;
  /** The number of its newest message; 0: none yet. */
  last_seq: number;
  /** When that was sent; null: none yet. */
  last_message_at: string | null;
  /** How many numbers there are after the last one that the caller has read. */
  unread: number;
  created_at: string;
}

/**
 * A community.
 *
 * A row of `public.communities`.
 */
export interface Community {
  id: string;
  /** Shown name: 1 to 100 characters. */
  name: string;
  owner_id: string;
  /** Part of the names of the community's topics; rises when somebody loses membership. */
  topic_epoch: number;
  created_at: string;
}

/**
 * A user's membership in a community.
 *
 * A row of `public.community_members`.
 */
export interface CommunityMember {
  community_id: string;
  user_id: string;
  /** Until then the member may only look and read. Null or past: not timed out. */
  timed_out_until: string | null;
  /** Shown name in this community: 1 to 32 characters; null: the profile's. */
  nickname: string | null;
  joined_at: string;
}

/**
 * What is kept about the caller, as one file.
 *
 * A row of `public.data_export`.
 */
export interface DataExport {
  id: string;
  /** `waiting` and `working`: it is being made; `ready`: it may be fetched; `failed`: ask again. */
  state: 'waiting' | 'working' | 'ready' | 'failed';
  requested_at: string;
  /** Until when it may be fetched; null where it is not ready. */
  expires_at: string | null;
  /** Where it lies in the bucket `exports`; null where it is not ready, or not any more. */
  path: string | null;
  /** In bytes, compressed; null where it is not ready. */
  size: number | null;
}

/**
 * A message with all that is shown of it.
 *
 * A row of `public.described_message`.
 */
export interface DescribedMessage {
  channel_id: string;
  /** Number in the channel: 1, 2, 3 … without gaps, in commit order. */
  seq: number;
  /**
   * What it says: a `text` of its author's, or what its author did: joined, renamed the channel or thread (`body` is the new name),
   * pinned the message `reply_to_seq`, opened a thread (`body` is its name).
   */
  kind: 'text' | 'member_joined' | 'channel_renamed' | 'message_pinned' | 'thread_created';
  /** Who sent it; null when the account is gone. */
  author_id: string | null;
  /** The name its author was shown by when it was sent; null when the account is gone. */
  author_name: string | null;
  /** 1 to 4,000 characters; empty where `kind` or the files say it all. */
  body: string;
  /** The message of the same channel it answers. */
  reply_to_seq: number | null;
  /** Whom it mentions, as far as its author might; null: nobody. */
  mentions: { user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean } | null;
  /** How many reacted with what, in the order of the first of each; at most 20. */
  reactions: { emoji: string; count: number }[];
  /**
   * Its files that have not expired, at most 10, in the order of sending. `path` is where each lies in the bucket
   * `attachments`, `size` in bytes; whoever shows one that expires stops then.
   */
  attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null }[];
  /**
   * What the page behind its first link says of itself, where that was fetched; null: nothing. `url` is the link as it stands
   * in `body`; whoever shows `image_url` loads it from a stranger's server.
   */
  preview: { url: string; title: string | null; description: string | null; site_name: string | null; image_url: string | null } | null;
  /** Since when it is pinned; null: it is not. */
  pinned_at: string | null;
  /**
   * The thread that hangs on it; null: none. `last_seq`, how many messages were sent there, and `last_message_at` are told every few
   * seconds.
   */
  thread: { id: string; name: string; is_locked: boolean; archive_after_minutes: number; archived_at: string | null; last_seq: number; last_message_at: string | null } | null;
  /** When its body was last edited; null: never. */
  edited_at: string | null;
  /** The sender's own mark. */
  client_nonce: string | null;
  /** The channel's revision at this message's last change. */
  revision: number;
  created_at: string;
  /**
   * The beginning of what it answers; null where it answers nothing. `excerpt` is its first 100 characters; of an
   * answered message that is gone there is only the number.
   */
  reply: { seq: number; author_id: string | null; author_name: string | null; excerpt: string | null; created_at: string | null } | null;
  /** The reactions that are the reader's own. */
  my_reactions: string[];
}

/**
 * A role of a community with its permissions.
 *
 * A row of `public.described_role`.
 */
export interface DescribedRole {
  community_id: string;
  id: string;
  name: string;
  /** Place in the hierarchy: 0 is the default role, higher is stronger. */
  position: number;
  is_default: boolean;
  /** Keys of permissions_catalog. */
  permissions: string[];
  /** As 0xRRGGBB; 0: none of its own. */
  color: number;
  created_at: string;
}

/**
 * A conversation without a community. Its id is used as a channel's: to send, to read, to follow it live.
 *
 * A row of `public.direct_channel`.
 */
export interface DirectChannel {
  id: string;
  /** Two people, or a group of up to 10. */
  kind: 'pair' | 'group';
  /** What a group is called, 1 to 100 characters; null: nothing, and always of two people. */
  name: string | null;
  /** Who may take members out of a group; null for two people. */
  owner_id: string | null;
  /** Who takes part, the caller included, the longest first. Of two people one is missing when that account is gone. */
  members: { user_id: string; username: string; display_name: string }[];
  /** The number of its newest message; 0: none yet. */
  last_seq: number;
  /** When that was sent; null: none yet. */
  last_message_at: string | null;
  /** How many numbers there are after the last one that the caller has read. Deleted messages keep theirs, so they count. */
  unread: number;
  created_at: string;
}

/**
 * A friend of the caller.
 *
 * A row of `public.friend`.
 */
export interface Friend {
  user_id: string;
  username: string;
  display_name: string;
  since: string;
}

/**
 * A friend request that waits, from or to the caller.
 *
 * A row of `public.friend_request`.
 */
export interface FriendRequest {
  /** The other one. */
  user_id: string;
  username: string;
  display_name: string;
  /** Incoming: they have asked the caller. */
  direction: 'incoming' | 'outgoing';
  created_at: string;
}

/**
 * A code by which people join a community.
 *
 * A row of `public.invites`.
 */
export interface Invite {
  community_id: string;
  code: string;
  creator_id: string | null;
  /** How many joined by it. */
  uses: number;
  /** How many may join by it; null: any number. */
  max_uses: number | null;
  /** When it ends; null: never. */
  expires_at: string | null;
  /** Roles that whoever joins by it is granted, as far as they exist and its creator could still grant them. */
  role_ids: string[];
  created_at: string;
}

/**
 * A member of a community with their names and roles.
 *
 * A row of `public.member`.
 */
export interface Member {
  community_id: string;
  user_id: string;
  username: string;
  display_name: string;
  /** Shown name in this community; null: the display_name. */
  nickname: string | null;
  /** What lists are sorted by: the shown name in lower case. */
  sort_name: string;
  /** The roles held beside the default role. */
  role_ids: string[];
  /** Null: not timed out. */
  timed_out_until: string | null;
  joined_at: string;
  /** Whose invite it was; null also for callers without manage_invites. */
  invited_by: string | null;
  /** By which invite; null also for callers without manage_invites. */
  invite_code: string | null;
}

/**
 * A role granted to a member.
 *
 * A row of `public.member_roles`.
 */
export interface MemberRole {
  community_id: string;
  user_id: string;
  role_id: string;
  /** When the grant ends by itself; null: never. */
  expires_at: string | null;
  granted_at: string;
}

/**
 * What a message said before it was edited.
 *
 * A row of `public.message_edit`.
 */
export interface MessageEdit {
  /** The message's revision while it said this. */
  revision: number;
  body: string;
  /** When it said this no longer. */
  edited_at: string;
}

/**
 * A message, known by its channel and its number there. Those of threads are read by functions only.
 *
 * A row of `public.messages`.
 */
export interface Message {
  channel_id: string;
  /** Number in the channel: 1, 2, 3 … without gaps, in commit order. */
  seq: number;
  /**
   * What it says: a `text` of its author's, or what its author did: joined, renamed the channel or thread (`body` is the new name),
   * pinned the message `reply_to_seq`, opened a thread (`body` is its name).
   */
  kind: 'text' | 'member_joined' | 'channel_renamed' | 'message_pinned' | 'thread_created';
  /** Who sent it; null when the account is gone. */
  author_id: string | null;
  /** The name its author was shown by when it was sent: 1 to 32 characters; null when the account is gone. */
  author_name: string | null;
  /** 1 to 4,000 characters; empty where `kind` or the files say it all. */
  body: string;
  /** The message of the same channel it answers, which may be gone. */
  reply_to_seq: number | null;
  /** Whom it mentions, as far as its author might; null: nobody. */
  mentions: { user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean } | null;
  /** How many reacted with what, in the order of the first of each; at most 20. */
  reactions: { emoji: string; count: number }[];
  /**
   * Its files, at most 10, in the order of sending. Of one that expires there is no name, type or size here, because the row
   * stays as it is when it does: they are in what functions return and in broadcasts (see described_message).
   */
  attachments: { id: string; path: string; name?: string; content_type?: string; size?: number; expires_at: string | null }[];
  /**
   * What the page behind its first link says of itself, where that was fetched; null: nothing. `url` is the link as it stands
   * in `body`; whoever shows `image_url` loads it from a stranger's server.
   */
  preview: { url: string; title: string | null; description: string | null; site_name: string | null; image_url: string | null } | null;
  /** Since when it is pinned; null: it is not. */
  pinned_at: string | null;
  /**
   * The thread that hangs on it; null: none. `last_seq`, how many messages were sent there, and `last_message_at` are told every few
   * seconds.
   */
  thread: { id: string; name: string; is_locked: boolean; archive_after_minutes: number; archived_at: string | null; last_seq: number; last_message_at: string | null } | null;
  /** When its body was last edited; null: never. */
  edited_at: string | null;
  /** The sender's own mark, by which a retry is known: up to 64 characters. */
  client_nonce: string | null;
  /** The channel's revision at this message's last change. */
  revision: number;
  created_at: string;
}

/**
 * A report that one has made.
 *
 * A row of `public.my_report`.
 */
export interface MyReport {
  id: string;
  /** What it is about. */
  subject_kind: 'message' | 'user' | 'community';
  /** The community, or where the message was sent; null for users, and outside of communities. */
  community_id: string | null;
  /** The channel or thread of the message; null for users and communities. */
  channel_id: string | null;
  /** The message's number there. */
  seq: number | null;
  /** The user, the message's author, or the community's owner; null: an author whose account was gone. */
  user_id: string | null;
  /** Why. */
  reason: 'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other';
  /** Where it stands. */
  state: 'open' | 'in_review' | 'resolved' | 'dismissed';
  created_at: string;
}

/**
 * What a channel or a group allows or denies a role or a member.
 *
 * A row of `public.overwrite`.
 */
export interface Overwrite {
  /** Null for a group's. */
  channel_id: string | null;
  /** Null for a channel's. */
  group_id: string | null;
  /** Whom it is about. */
  subject_kind: 'role' | 'member';
  /** A role's or a user's id. */
  subject_id: string;
  allow: string[];
  deny: string[];
}

/**
 * Every permission there is.
 *
 * A row of `public.permissions_catalog`.
 */
export interface PermissionsCatalog {
  key: string;
  /** Place in the stored mask. */
  bit: number;
  /** Where it is asked: in the community as a whole, in any channel, or in voice channels only. */
  scope: string;
  description: string;
}

/**
 * What the caller has chosen.
 *
 * A row of `public.preferences`.
 */
export interface Preference {
  /** Who may write to the caller directly: who shares a community, and friends; only friends; or nobody. */
  direct_from: 'members' | 'friends' | 'nobody';
}

/**
 * What others see of a user.
 *
 * A row of `public.profiles`.
 */
export interface Profile {
  id: string;
  /** Unique handle: 2 to 32 of a-z, 0-9 and underscore. */
  username: string;
  /** Shown name: 1 to 32 characters, not unique. */
  display_name: string;
  created_at: string;
}

/**
 * Who reacted to a message.
 *
 * A row of `public.reaction`.
 */
export interface Reaction {
  user_id: string;
  /** Null for who is no member any more. */
  username: string | null;
  /** The name in this community; null for who is no member any more. */
  display_name: string | null;
  reacted_at: string;
}

/**
 * A report, for platform staff.
 *
 * A row of `public.report`.
 */
export interface Report {
  id: string;
  /** What it is about. */
  subject_kind: 'message' | 'user' | 'community';
  /** The community, or where the message was sent; null for users, and outside of communities. */
  community_id: string | null;
  /** The channel or thread of the message; null for users and communities. */
  channel_id: string | null;
  /** The message's number there. */
  seq: number | null;
  /** The accused: the user, the message's author, or the community's owner then; null: an author whose account was gone. */
  user_id: string | null;
  /** Why. */
  reason: 'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other';
  /** What who made it has to say: up to 2,000 characters. */
  details: string | null;
  /** Where it stands: `open`, until somebody takes it on. */
  state: 'open' | 'in_review' | 'resolved' | 'dismissed';
  /** Who has it in hand; null: nobody. */
  assignee_id: string | null;
  /** Who made it; null for reviewers, who are not told. */
  reporter_id: string | null;
  created_at: string;
  /** When it was last made, taken on, ended or opened again. */
  changed_at: string;
}

/**
 * Which permissions a role gives, by name.
 *
 * A row of `public.role_permissions`.
 */
export interface RolePermission {
  role_id: string;
  permission_key: string;
}

/**
 * A role of a community.
 *
 * A row of `public.roles`.
 */
export interface Role {
  community_id: string;
  id: string;
  name: string;
  /** Place in the hierarchy: 0 is the default role, higher is stronger. */
  position: number;
  /** As 0xRRGGBB; 0: none of its own. */
  color: number;
  is_default: boolean;
  created_at: string;
}

/**
 * A message that somebody wrote, for clients of the social surface.
 *
 * A row of `public.social_messages`.
 */
export interface SocialMessage {
  /** `<channel_id>:<seq>`, the same for ever. Filter by `channel_id` and `seq`, which have an index. */
  id: string;
  channel_id: string;
  /** Number in the channel: rising in commit order, with gaps where messages are deleted or not of this kind. */
  seq: number;
  /** Who sent it; null when the account is gone. */
  sender_id: string | null;
  /** The name its sender was shown by when it was sent; null when the account is gone. */
  sender_name: string | null;
  /** 1 to 4,000 characters; empty where there are only files. */
  body: string;
  /** The sender's own mark, by which a retry is known: up to 64 characters. */
  client_id: string | null;
  /** The message of the same channel it answers, which may be gone. */
  reply_to_seq: number | null;
  created_at: string;
  /** When its body was last edited; null: never. */
  edited_at: string | null;
}

/**
 * Somebody of the platform staff.
 *
 * A row of `public.staff_member`.
 */
export interface StaffMember {
  user_id: string;
  username: string;
  display_name: string;
  /** Admins may what reviewers may, and see who made a report, hand reports to others and open them again. */
  role: 'reviewer' | 'admin';
  /** Since when they are staff. */
  granted_at: string;
}

/**
 * A thread of a channel. Its id is used as a channel's: to send, to read, to follow it live.
 *
 * A row of `public.thread`.
 */
export interface Thread {
  /** The channel it belongs to. */
  channel_id: string;
  id: string;
  /** Who sees it: whoever reads the channel, or its members and those who manage threads. */
  kind: 'public' | 'private';
  /** 1 to 100 characters. */
  name: string;
  /** Who opened it; null when the account is gone. */
  owner_id: string | null;
  /** The message of the channel that it hangs on, which may be gone; null for private ones. */
  root_seq: number | null;
  /** Whether only those who manage threads write in it. */
  is_locked: boolean;
  /** After how many minutes of silence it is archived: 60, 1440, 4320 or 10080. */
  archive_after_minutes: number;
  /** Since when it is archived; null: it is open. */
  archived_at: string | null;
  created_at: string;
  /** The number of its newest message; 0: none yet. */
  last_seq: number;
  /** When that was sent; null: none yet. */
  last_message_at: string | null;
  /** Whether the caller follows it. */
  is_member: boolean;
}

/**
 * Who follows a thread.
 *
 * A row of `public.thread_member`.
 */
export interface ThreadMember {
  user_id: string;
  username: string;
  /** The name in this community. */
  display_name: string;
  /** Since when they follow it. */
  joined_at: string;
}

/**
 * What of a channel or thread the caller has not read.
 *
 * A row of `public.unread_channel`.
 */
export interface UnreadChannel {
  /** Its community; null: it is a direct channel. */
  community_id: string | null;
  channel_id: string;
  /** The channel that it is a thread of; null: it is none. */
  parent_id: string | null;
  /** The number of the newest message. */
  last_seq: number;
  /** The number after the last one read. */
  first_unread_seq: number;
  /** How many numbers there are from there on: last_seq - last read. Deleted messages keep theirs, so they count. */
  unread: number;
  /** How many of them mention the caller, a role held or everyone; at most 100 are counted. */
  mentions: number;
}

/**
 * A voice channel and who is in it.
 *
 * A row of `public.voice_room`.
 */
export interface VoiceRoom {
  community_id: string;
  channel_id: string;
  /** How sound gets there: to each of the others, or by a server. */
  transport: 'mesh' | 'sfu';
  /** How many devices may be in it at once. */
  max_participants: number;
  /** The private topic on which changes are told. It moves when somebody may connect no longer. */
  topic: string;
  /** How many changes were told before this answer. */
  revision: number;
  /** Who is in it, in the order in which they came. */
  participants: { session_id: string; user_id: string; is_self_muted: boolean; is_self_deafened: boolean; is_muted: boolean; can_speak: boolean; can_stream: boolean; joined_at: string }[];
}

/**
 * The caller's own session in a voice channel: a lease of 45 seconds from its last renewal.
 *
 * A row of `public.voice_session`.
 */
export interface VoiceSession {
  /** New at each join, and where a moderator moves it. */
  session_id: string;
  /** What session_id was before moderators moved the session, up to eight: with the caller's own in it, it goes on; else this is another that took its place. */
  former_ids: string[];
  community_id: string;
  channel_id: string;
  device_id: string;
  /** How sound gets there: to each of the others, or by a server. */
  transport: 'mesh' | 'sfu';
  max_participants: number;
  /** The private topic on which changes of who is there are told. It moves when somebody may connect no longer. */
  topic: string;
  /** How many changes of who is there were told; where it is ahead of what a client knows, it asks get_voice. */
  revision: number;
  is_self_muted: boolean;
  is_self_deafened: boolean;
  /** Whether a moderator muted the caller here. */
  is_muted: boolean;
  can_speak: boolean;
  can_stream: boolean;
  joined_at: string;
  expires_at: string;
}
