// Generated from supabase/contract.json by npm run generate; do not edit.

import type { Call, CallOptions } from '../call.ts';
import type {
  CreateChannelArgs,
  CreateChannelGroupArgs,
  CreateCommunityArgs,
  CreateInviteArgs,
  LeaveCommunityArgs,
  ListChannelsArgs,
  ListMessagesArgs,
  PlatformHealthResult,
  RedeemInviteArgs,
  SendMessageArgs,
  SyncChannelArgs,
  SyncChannelResult,
} from './functions.ts';
import {
  createChannel,
  createChannelGroup,
  createCommunity,
  createInvite,
  leaveCommunity,
  listChannels,
  listMessages,
  myCommunities,
  myProfile,
  platformHealth,
  redeemInvite,
  sendMessage,
  syncChannel,
} from './functions.ts';
import type { Channel, ChannelGroup, Community, Invite, Message, Profile } from './rows.ts';

/** The domain `platform`: `guildhall.platform`. */
export interface PlatformDomain {
  /**
   * Says whether the backend works behind its API: `{"status": "ok" | "degraded", "problems": [name, …]}`.
   * Problems: `realtime_partition_missing` (live messages are lost until a client connects to Realtime),
   * `broadcasts_lost_in_the_last_hour`, `jobs_not_scheduled` (one of them is missing, changed or switched off),
   * `jobs_failing` (one of them failed in the last hour). Needs the secret key.
   *
   * For the role service_role only.
   */
  health(options?: CallOptions): Promise<PlatformHealthResult>;
}

export function platformDomain(call: Call): PlatformDomain {
  return {
    health: (options) => call<PlatformHealthResult>(platformHealth, {}, options),
  };
}

/** The domain `identity`: `guildhall.identity`. */
export interface IdentityDomain {
  /**
   * Returns the caller's own profile.
   *
   * @throws {GuildhallError} `session_required`
   */
  myProfile(options?: CallOptions): Promise<Profile>;
}

export function identityDomain(call: Call): IdentityDomain {
  return {
    myProfile: (options) => call<Profile>(myProfile, {}, options),
  };
}

/** The domain `communities`: `guildhall.communities`. */
export interface CommunitiesDomain {
  /**
   * Creates a channel at the end of its group. Needs `manage_channels`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createChannel(args: CreateChannelArgs, options?: CallOptions): Promise<Channel>;

  /**
   * Creates a group of channels at the end of the community's list. Needs `manage_channels`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createChannelGroup(args: CreateChannelGroupArgs, options?: CallOptions): Promise<ChannelGroup>;

  /**
   * Creates a community owned by the caller, with its default role `everyone`, a group and a text channel `general`.
   *
   * @throws {GuildhallError} `invalid_argument`, `rate_limited`, `session_required`
   */
  create(args: CreateCommunityArgs, options?: CallOptions): Promise<Community>;

  /**
   * Creates an invite and returns it with its `code`. Needs `create_invite`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createInvite(args: CreateInviteArgs, options?: CallOptions): Promise<Invite>;

  /**
   * Ends the caller's membership. The owner cannot leave.
   *
   * @throws {GuildhallError} `conflict`, `not_found`, `session_required`
   */
  leave(args: LeaveCommunityArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns the channels of a community that the caller may view, in the order they are shown: those without a group
   * first, then group by group.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listChannels(args: ListChannelsArgs, options?: CallOptions): Promise<Channel[]>;

  /**
   * Returns the communities the caller is a member of, in the order of joining.
   *
   * @throws {GuildhallError} `session_required`
   */
  mine(options?: CallOptions): Promise<Community[]>;

  /**
   * Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `expired`, `not_found`, `rate_limited`, `session_required`
   */
  redeemInvite(args: RedeemInviteArgs, options?: CallOptions): Promise<Community>;
}

export function communitiesDomain(call: Call): CommunitiesDomain {
  return {
    createChannel: (args, options) => call<Channel>(createChannel, args, options),
    createChannelGroup: (args, options) => call<ChannelGroup>(createChannelGroup, args, options),
    create: (args, options) => call<Community>(createCommunity, args, options),
    createInvite: (args, options) => call<Invite>(createInvite, args, options),
    leave: (args, options) => call<void>(leaveCommunity, args, options),
    listChannels: (args, options) => call<Channel[]>(listChannels, args, options),
    mine: (options) => call<Community[]>(myCommunities, {}, options),
    redeemInvite: (args, options) => call<Community>(redeemInvite, args, options),
  };
}

/** The domain `messages`: `guildhall.messages`. */
export interface MessagesDomain {
  /**
   * Returns a page of a channel's messages, always ascending by `seq`. Needs `read_history`.
   * Without a bound: the newest. At most one bound may be given.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`
   */
  list(args: ListMessagesArgs, options?: CallOptions): Promise<Message[]>;

  /**
   * Sends a message to a channel and returns it, with its `seq` and `revision`. Needs `send_messages`.
   * The same author and nonce give the same message back, for ever, and nothing is sent twice.
   *
   * With a `clientNonce`, repeating it is harmless.
   *
   * @throws {GuildhallError} `body_too_long`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  send(args: SendMessageArgs, options?: CallOptions): Promise<Message>;

  /**
   * Returns where a channel stands, and what changed in it since a revision: ascending, without a gap. Needs `view_channel`.
   * `resync` true means that the feed (at least 72 hours) no longer reaches back to that revision: read a fresh page with
   * `list_messages` and go on from `revision`.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `session_required`
   */
  syncChannel(args: SyncChannelArgs, options?: CallOptions): Promise<SyncChannelResult>;
}

export function messagesDomain(call: Call): MessagesDomain {
  return {
    list: (args, options) => call<Message[]>(listMessages, args, options),
    send: (args, options) => call<Message>(sendMessage, args, options),
    syncChannel: (args, options) => call<SyncChannelResult>(syncChannel, args, options),
  };
}

/** Every domain, by the name of its property on the client. */
export interface Domains {
  platform: PlatformDomain;
  identity: IdentityDomain;
  communities: CommunitiesDomain;
  messages: MessagesDomain;
}

/** The methods of every domain, calling through one caller. */
export function createDomains(call: Call): Domains {
  return {
    platform: platformDomain(call),
    identity: identityDomain(call),
    communities: communitiesDomain(call),
    messages: messagesDomain(call),
  };
}
