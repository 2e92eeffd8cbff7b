// Generated from supabase/contract.json by npm run generate; do not edit.

import * as z from 'zod/mini';
import type { FunctionDescriptor } from '../descriptor.ts';
import type { Message } from './rows.ts';

/** What `platform_health` returns. */
export type PlatformHealthResult = { status: 'ok' | 'degraded'; problems: string[] };

/** `public.platform_health`, as `guildhall.platform.health`. */
export const platformHealth = {
  name: 'platform_health',
  domain: 'platform',
  method: 'health',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** `public.my_profile`, as `guildhall.identity.myProfile`. */
export const myProfile = {
  name: 'my_profile',
  domain: 'identity',
  method: 'myProfile',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_channel`. */
export interface CreateChannelArgs {
  communityId: string;
  /** 1 to 100 characters */
  name: string;
  /**
   * `text` or `voice`
   *
   * Default: 'text'.
   */
  kind?: string | undefined;
  /** a group of the same community; left out: above all groups */
  groupId?: string | null | undefined;
}

/** `public.create_channel`, as `guildhall.communities.createChannel`. */
export const createChannel = {
  name: 'create_channel',
  domain: 'communities',
  method: 'createChannel',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    name: 'p_name',
    kind: 'p_kind',
    groupId: 'p_group_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
    kind: z.optional(z.string('must be a string')),
    groupId: z.optional(z.nullable(z.guid('must be a UUID'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_channel_group`. */
export interface CreateChannelGroupArgs {
  communityId: string;
  /** 1 to 100 characters */
  name: string;
}

/** `public.create_channel_group`, as `guildhall.communities.createChannelGroup`. */
export const createChannelGroup = {
  name: 'create_channel_group',
  domain: 'communities',
  method: 'createChannelGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_community`. */
export interface CreateCommunityArgs {
  /** 1 to 100 characters */
  name: string;
}

/** `public.create_community`, as `guildhall.communities.create`. */
export const createCommunity = {
  name: 'create_community',
  domain: 'communities',
  method: 'create',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    name: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_invite`. */
export interface CreateInviteArgs {
  communityId: string;
  /** how many may join by it; left out: any number */
  maxUses?: number | null | undefined;
  /** when it ends; left out: never */
  expiresAt?: string | null | undefined;
}

/** `public.create_invite`, as `guildhall.communities.createInvite`. */
export const createInvite = {
  name: 'create_invite',
  domain: 'communities',
  method: 'createInvite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    maxUses: 'p_max_uses',
    expiresAt: 'p_expires_at',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    maxUses: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
    expiresAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `leave_community`. */
export interface LeaveCommunityArgs {
  communityId: string;
}

/** `public.leave_community`, as `guildhall.communities.leave`. */
export const leaveCommunity = {
  name: 'leave_community',
  domain: 'communities',
  method: 'leave',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_channels`. */
export interface ListChannelsArgs {
  communityId: string;
}

/** `public.list_channels`, as `guildhall.communities.listChannels`. */
export const listChannels = {
  name: 'list_channels',
  domain: 'communities',
  method: 'listChannels',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** `public.my_communities`, as `guildhall.communities.mine`. */
export const myCommunities = {
  name: 'my_communities',
  domain: 'communities',
  method: 'mine',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `redeem_invite`. */
export interface RedeemInviteArgs {
  code: string;
}

/** `public.redeem_invite`, as `guildhall.communities.redeemInvite`. */
export const redeemInvite = {
  name: 'redeem_invite',
  domain: 'communities',
  method: 'redeemInvite',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    code: 'p_code',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    code: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_messages`. */
export interface ListMessagesArgs {
  channelId: string;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
  /** the newest messages below this number */
  beforeSeq?: number | null | undefined;
  /** the oldest messages above this number */
  afterSeq?: number | null | undefined;
  /** the message of this number with as many before as after it */
  aroundSeq?: number | null | undefined;
}

/** `public.list_messages`, as `guildhall.messages.list`. */
export const listMessages = {
  name: 'list_messages',
  domain: 'messages',
  method: 'list',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
    limit: 'p_limit',
    beforeSeq: 'p_before_seq',
    afterSeq: 'p_after_seq',
    aroundSeq: 'p_around_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
    beforeSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    afterSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    aroundSeq: z.optional(z.nullable(z.int('must be a whole number'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `send_message`. */
export interface SendMessageArgs {
  channelId: string;
  /** 1 to 4,000 characters, kept byte for byte */
  body: string;
  /** the sender's own mark, 1 to 64 characters; choose a new one for each message */
  clientNonce?: string | null | undefined;
  /** the message of this channel it answers */
  replyToSeq?: number | null | undefined;
}

/** `public.send_message`, as `guildhall.messages.send`. */
export const sendMessage = {
  name: 'send_message',
  domain: 'messages',
  method: 'send',
  volatility: 'volatile',
  idempotentBy: 'p_client_nonce',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    body: 'p_body',
    clientNonce: 'p_client_nonce',
    replyToSeq: 'p_reply_to_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    body: z.string('must be a string'),
    clientNonce: z.optional(z.nullable(z.string('must be a string'))),
    replyToSeq: z.optional(z.nullable(z.int('must be a whole number'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `sync_channel`. */
export interface SyncChannelArgs {
  channelId: string;
  /** the last revision the caller knows; left out: only where the channel stands */
  afterRevision?: number | null | undefined;
  /**
   * 1 to 500 changes
   *
   * Default: 100.
   */
  limit?: number | undefined;
}

/** What `sync_channel` returns. */
export type SyncChannelResult = { topic: string; community_topic: string; revision: number; last_seq: number; resync: boolean; has_more: boolean; changes: { revision: number; kind: 'created'; seq: number; at: string; message: Message | null }[] };

/** `public.sync_channel`, as `guildhall.messages.syncChannel`. */
export const syncChannel = {
  name: 'sync_channel',
  domain: 'messages',
  method: 'syncChannel',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
    afterRevision: 'p_after_revision',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    afterRevision: z.optional(z.nullable(z.int('must be a whole number'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;
