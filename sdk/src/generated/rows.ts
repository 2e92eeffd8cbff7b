// Generated from supabase/contract.json by npm run generate; do not edit.

// Rows are exactly what the database sends, snake_case names and all, so that a row from a method and the same row
// read through the REST API are equal. Times are strings with an offset, ids are UUID strings.

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
  allow: number;
  deny: number;
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
  /** Part of the name of the channel's topic; rises when somebody loses the right to view it. */
  topic_epoch: number;
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
  access_class_id: string;
  /** Until then the member may only look and read. Null or past: not timed out. */
  timed_out_until: string | null;
  joined_at: string;
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
  uses: number;
  /** How many may join by it; null: any number. */
  max_uses: number | null;
  /** When it ends; null: never. */
  expires_at: string | null;
  created_at: string;
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
 * A message, known by its channel and its number there.
 *
 * A row of `public.messages`.
 */
export interface Message {
  channel_id: string;
  /** Number in the channel: 1, 2, 3 … without gaps, in commit order. */
  seq: number;
  /** Who sent it; null when the account is gone. */
  author_id: string | null;
  /** 1 to 4,000 characters. */
  body: string;
  /** The message of the same channel it answers. */
  reply_to_seq: number | null;
  /** The sender's own mark, by which a retry is known: up to 64 characters. */
  client_nonce: string | null;
  /** The channel's revision at this message's last change. */
  revision: number;
  created_at: string;
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
  /** Mask over permissions_catalog.bit. */
  permissions: number;
  is_default: boolean;
  created_at: string;
}
