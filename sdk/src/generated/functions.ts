// Generated from supabase/contract.json by npm run generate; do not edit.

import * as z from 'zod/mini';
import type { FunctionDescriptor } from '../descriptor.ts';
import type { Community, DataExport, DescribedMessage, Message, Report } from './rows.ts';

/** Arguments of `list_call_rates`. */
export interface ListCallRatesArgs {
  /**
   * how far back, 1 to 2,160
   *
   * Default: 1.
   */
  hours?: number | undefined;
}

/** `public.list_call_rates`, as `guildhall.platform.listCallRates`. */
export const listCallRates = {
  name: 'list_call_rates',
  domain: 'platform',
  method: 'listCallRates',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    hours: 'p_hours',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    hours: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

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

/** Arguments of `record_calls`. */
export interface RecordCallsArgs {
  /** any new uuid: a batch that comes again counts once */
  batchId: string;
  /** 1 to 100 records. function: of the API, or one of `auth.sign_up`, `auth.sign_in`, `auth.refresh`, `auth.sign_out` and `gateway.…`; code: null for a success; latency_ms: 0 to 600,000; calls: how many successes it stands for, 1 to 10,000; request_id: a uuid */
  calls: { function: string; code?: string | null; latency_ms: number; calls?: number; contract_version?: string | null; request_id?: string | null }[];
}

/** `public.record_calls`, as `guildhall.platform.recordCalls`. */
export const recordCalls = {
  name: 'record_calls',
  domain: 'platform',
  method: 'recordCalls',
  volatility: 'volatile',
  idempotentBy: 'p_batch_id',
  returns: 'void',
  args: {
    batchId: 'p_batch_id',
    calls: 'p_calls',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    batchId: z.guid('must be a UUID'),
    calls: z.json(),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `accept_friend_request`. */
export interface AcceptFriendRequestArgs {
  /** who has asked */
  userId: string;
}

/** `public.accept_friend_request`, as `guildhall.identity.acceptFriendRequest`. */
export const acceptFriendRequest = {
  name: 'accept_friend_request',
  domain: 'identity',
  method: 'acceptFriendRequest',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `block_user`. */
export interface BlockUserArgs {
  /** whom */
  userId: string;
}

/** `public.block_user`, as `guildhall.identity.blockUser`. */
export const blockUser = {
  name: 'block_user',
  domain: 'identity',
  method: 'blockUser',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `cancel_friend_request`. */
export interface CancelFriendRequestArgs {
  /** who was asked */
  userId: string;
}

/** `public.cancel_friend_request`, as `guildhall.identity.cancelFriendRequest`. */
export const cancelFriendRequest = {
  name: 'cancel_friend_request',
  domain: 'identity',
  method: 'cancelFriendRequest',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** What `claim_data_export` returns. */
export type ClaimDataExportResult = { id: string; user_id: string; path: string; sections: string[] } | null;

/** `public.claim_data_export`, as `guildhall.identity.claimDataExport`. */
export const claimDataExport = {
  name: 'claim_data_export',
  domain: 'identity',
  method: 'claimDataExport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `claim_export_removals`. */
export interface ClaimExportRemovalsArgs {
  /**
   * 1 to 1,000
   *
   * Default: 100.
   */
  limit?: number | undefined;
}

/** `public.claim_export_removals`, as `guildhall.identity.claimExportRemovals`. */
export const claimExportRemovals = {
  name: 'claim_export_removals',
  domain: 'identity',
  method: 'claimExportRemovals',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `decline_friend_request`. */
export interface DeclineFriendRequestArgs {
  /** who has asked */
  userId: string;
}

/** `public.decline_friend_request`, as `guildhall.identity.declineFriendRequest`. */
export const declineFriendRequest = {
  name: 'decline_friend_request',
  domain: 'identity',
  method: 'declineFriendRequest',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_my_account`. */
export interface DeleteMyAccountArgs {
  /** `anonymise`: they stay, without author and name; `remove`: they go with their files */
  messages: 'anonymise' | 'remove';
}

/** nothing */
export type DeleteMyAccountResult = null;

/** `public.delete_my_account`, as `guildhall.identity.deleteMyAccount`. */
export const deleteMyAccount = {
  name: 'delete_my_account',
  domain: 'identity',
  method: 'deleteMyAccount',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    messages: 'p_messages',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    messages: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** `public.export_my_data`, as `guildhall.identity.exportMyData`. */
export const exportMyData = {
  name: 'export_my_data',
  domain: 'identity',
  method: 'exportMyData',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `export_page`. */
export interface ExportPageArgs {
  exportId: string;
  section: string;
  /** `next` of the page before; left out: from the beginning */
  after?: unknown | null | undefined;
  /**
   * 1 to 5,000 rows
   *
   * Default: 1000.
   */
  limit?: number | undefined;
}

/** `next` null: there is no more */
export type ExportPageResult = { rows: Record<string, unknown>[]; next: unknown };

/** `public.export_page`, as `guildhall.identity.exportPage`. */
export const exportPage = {
  name: 'export_page',
  domain: 'identity',
  method: 'exportPage',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    exportId: 'p_export_id',
    section: 'p_section',
    after: 'p_after',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    exportId: z.guid('must be a UUID'),
    section: z.string('must be a string'),
    after: z.optional(z.nullable(z.json())),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `finish_data_export`. */
export interface FinishDataExportArgs {
  exportId: string;
  /** of the file, in bytes */
  size?: number | null | undefined;
  /** what went wrong, for the operator */
  error?: string | null | undefined;
}

/** `public.finish_data_export`, as `guildhall.identity.finishDataExport`. */
export const finishDataExport = {
  name: 'finish_data_export',
  domain: 'identity',
  method: 'finishDataExport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    exportId: 'p_export_id',
    size: 'p_size',
    error: 'p_error',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    exportId: z.guid('must be a UUID'),
    size: z.optional(z.nullable(z.int('must be a whole number'))),
    error: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `link_external_identity`. */
export interface LinkExternalIdentityArgs {
  userId: string;
  /** the system: 1 to 32 of a-z, 0-9 and `_`, the first a letter. The chat gateway's is `mongo` */
  provider: string;
  /** the user's id there: 1 to 64 of A-Z, a-z, 0-9 and `-` */
  externalId: string;
}

/** `public.link_external_identity`, as `guildhall.identity.linkExternalIdentity`. */
export const linkExternalIdentity = {
  name: 'link_external_identity',
  domain: 'identity',
  method: 'linkExternalIdentity',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
    provider: 'p_provider',
    externalId: 'p_external_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
    provider: z.string('must be a string'),
    externalId: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_blocks`. */
export interface ListBlocksArgs {
  /** go on with older ones: the `created_at` of the last of the page before, as it came */
  beforeCreatedAt?: string | null | undefined;
  /** and its `user_id`; both or none */
  beforeUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_blocks`, as `guildhall.identity.listBlocks`. */
export const listBlocks = {
  name: 'list_blocks',
  domain: 'identity',
  method: 'listBlocks',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    beforeCreatedAt: 'p_before_created_at',
    beforeUserId: 'p_before_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    beforeCreatedAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_friend_requests`. */
export interface ListFriendRequestsArgs {
  /** only these; left out: both */
  direction?: 'incoming' | 'outgoing' | null | undefined;
  /** go on with older ones: the `created_at` of the last of the page before, as it came */
  beforeCreatedAt?: string | null | undefined;
  /** and its `user_id`; both or none */
  beforeUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_friend_requests`, as `guildhall.identity.listFriendRequests`. */
export const listFriendRequests = {
  name: 'list_friend_requests',
  domain: 'identity',
  method: 'listFriendRequests',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    direction: 'p_direction',
    beforeCreatedAt: 'p_before_created_at',
    beforeUserId: 'p_before_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    direction: z.optional(z.nullable(z.string('must be a string'))),
    beforeCreatedAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_friends`. */
export interface ListFriendsArgs {
  /** go on with older ones: the `since` of the last of the page before, as it came */
  beforeSince?: string | null | undefined;
  /** and its `user_id`; both or none */
  beforeUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_friends`, as `guildhall.identity.listFriends`. */
export const listFriends = {
  name: 'list_friends',
  domain: 'identity',
  method: 'listFriends',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    beforeSince: 'p_before_since',
    beforeUserId: 'p_before_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    beforeSince: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** What `my_data_export` returns. */
export type MyDataExportResult = DataExport | null;

/** `public.my_data_export`, as `guildhall.identity.myDataExport`. */
export const myDataExport = {
  name: 'my_data_export',
  domain: 'identity',
  method: 'myDataExport',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** `public.my_preferences`, as `guildhall.identity.myPreferences`. */
export const myPreferences = {
  name: 'my_preferences',
  domain: 'identity',
  method: 'myPreferences',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
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

/** Arguments of `remove_friend`. */
export interface RemoveFriendArgs {
  /** the friend */
  userId: string;
}

/** `public.remove_friend`, as `guildhall.identity.removeFriend`. */
export const removeFriend = {
  name: 'remove_friend',
  domain: 'identity',
  method: 'removeFriend',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `request_friend`. */
export interface RequestFriendArgs {
  /** who; this or `p_username` */
  userId?: string | null | undefined;
  /** their username, in whatever case */
  username?: string | null | undefined;
}

/** what stands between them now */
export type RequestFriendResult = 'requested' | 'friends';

/** `public.request_friend`, as `guildhall.identity.requestFriend`. */
export const requestFriend = {
  name: 'request_friend',
  domain: 'identity',
  method: 'requestFriend',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'scalar',
  args: {
    userId: 'p_user_id',
    username: 'p_username',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.optional(z.nullable(z.guid('must be a UUID'))),
    username: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `unblock_user`. */
export interface UnblockUserArgs {
  /** whom */
  userId: string;
}

/** `public.unblock_user`, as `guildhall.identity.unblockUser`. */
export const unblockUser = {
  name: 'unblock_user',
  domain: 'identity',
  method: 'unblockUser',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `unlink_external_identity`. */
export interface UnlinkExternalIdentityArgs {
  userId: string;
  /** as in `link_external_identity` */
  provider: string;
}

/** `public.unlink_external_identity`, as `guildhall.identity.unlinkExternalIdentity`. */
export const unlinkExternalIdentity = {
  name: 'unlink_external_identity',
  domain: 'identity',
  method: 'unlinkExternalIdentity',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
    provider: 'p_provider',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
    provider: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_my_preferences`. */
export interface UpdateMyPreferencesArgs {
  /** who may write to the caller directly */
  directFrom?: 'members' | 'friends' | 'nobody' | null | undefined;
}

/** `public.update_my_preferences`, as `guildhall.identity.updateMyPreferences`. */
export const updateMyPreferences = {
  name: 'update_my_preferences',
  domain: 'identity',
  method: 'updateMyPreferences',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    directFrom: 'p_direct_from',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    directFrom: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `can_send_in_channel`. */
export interface CanSendInChannelArgs {
  channelId: string;
}

/** `public.can_send_in_channel`, as `guildhall.access.canSendInChannel`. */
export const canSendInChannel = {
  name: 'can_send_in_channel',
  domain: 'access',
  method: 'canSendInChannel',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `can_view_channel`. */
export interface CanViewChannelArgs {
  channelId: string;
}

/** `public.can_view_channel`, as `guildhall.access.canViewChannel`. */
export const canViewChannel = {
  name: 'can_view_channel',
  domain: 'access',
  method: 'canViewChannel',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `explain_permission`. */
export interface ExplainPermissionArgs {
  channelId: string;
  userId: string;
  /** a key of permissions_catalog that is asked in channels */
  permission: string;
}

/** What `explain_permission` returns. */
export type ExplainPermissionResult = { is_granted: boolean; decided_by: string | null; tiers: { tier: string; subject_id: string | null; effect: 'allow' | 'deny' }[] };

/** `public.explain_permission`, as `guildhall.access.explainPermission`. */
export const explainPermission = {
  name: 'explain_permission',
  domain: 'access',
  method: 'explainPermission',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
    permission: 'p_permission',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    permission: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `my_permissions`. */
export interface MyPermissionsArgs {
  communityId: string;
  /** a channel or thread of this community; left out: in the community as a whole */
  channelId?: string | null | undefined;
}

/** `public.my_permissions`, as `guildhall.access.myPermissions`. */
export const myPermissions = {
  name: 'my_permissions',
  domain: 'access',
  method: 'myPermissions',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    channelId: z.optional(z.nullable(z.guid('must be a UUID'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `preview_as_role`. */
export interface PreviewAsRoleArgs {
  communityId: string;
  roleId: string;
}

/** What `preview_as_role` returns. */
export type PreviewAsRoleResult = { permissions: string[]; channels: { channel_id: string; permissions: string[] }[] };

/** `public.preview_as_role`, as `guildhall.access.previewAsRole`. */
export const previewAsRole = {
  name: 'preview_as_role',
  domain: 'access',
  method: 'previewAsRole',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
    roleId: 'p_role_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    roleId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `user_has_permission`. */
export interface UserHasPermissionArgs {
  communityId: string;
  /** a key of permissions_catalog */
  permission: string;
}

/** `public.user_has_permission`, as `guildhall.access.userHasPermission`. */
export const userHasPermission = {
  name: 'user_has_permission',
  domain: 'access',
  method: 'userHasPermission',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
    permission: 'p_permission',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    permission: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `ban_member`. */
export interface BanMemberArgs {
  communityId: string;
  userId: string;
  /** up to 512 characters */
  reason?: string | null | undefined;
  /** when the ban ends by itself; left out: never */
  expiresAt?: string | null | undefined;
  /** hides what they sent since then from everybody, also after the ban; left out: nothing */
  hideMessagesSince?: string | null | undefined;
}

/** `public.ban_member`, as `guildhall.communities.banMember`. */
export const banMember = {
  name: 'ban_member',
  domain: 'communities',
  method: 'banMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    reason: 'p_reason',
    expiresAt: 'p_expires_at',
    hideMessagesSince: 'p_hide_messages_since',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
    expiresAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    hideMessagesSince: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `clear_channel_group_overwrite`. */
export interface ClearChannelGroupOverwriteArgs {
  groupId: string;
  /** `role` or `member` */
  subjectKind: string;
  /** the role's or the user's id */
  subjectId: string;
}

/** `public.clear_channel_group_overwrite`, as `guildhall.communities.clearChannelGroupOverwrite`. */
export const clearChannelGroupOverwrite = {
  name: 'clear_channel_group_overwrite',
  domain: 'communities',
  method: 'clearChannelGroupOverwrite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    groupId: 'p_group_id',
    subjectKind: 'p_subject_kind',
    subjectId: 'p_subject_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
    subjectKind: z.string('must be a string'),
    subjectId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `clear_channel_overwrite`. */
export interface ClearChannelOverwriteArgs {
  channelId: string;
  /** `role` or `member` */
  subjectKind: string;
  /** the role's or the user's id */
  subjectId: string;
}

/** `public.clear_channel_overwrite`, as `guildhall.communities.clearChannelOverwrite`. */
export const clearChannelOverwrite = {
  name: 'clear_channel_overwrite',
  domain: 'communities',
  method: 'clearChannelOverwrite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    subjectKind: 'p_subject_kind',
    subjectId: 'p_subject_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    subjectKind: z.string('must be a string'),
    subjectId: z.guid('must be a UUID'),
  }))(),
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
  /** how many may join by it; at least 1; left out: any number */
  maxUses?: number | null | undefined;
  /** when it ends; left out: never */
  expiresAt?: string | null | undefined;
  /**
   * roles below your own, at most 250, that whoever joins by it is granted. They are asked again then: what
   * you could no longer grant is not granted
   */
  roleIds?: string[] | undefined;
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
    roleIds: 'p_role_ids',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    maxUses: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
    expiresAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    roleIds: z.optional(z.array(z.guid('must be a UUID'), 'must be a list')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_role`. */
export interface CreateRoleArgs {
  communityId: string;
  /** 1 to 100 characters */
  name: string;
  /** keys of permissions_catalog */
  permissions?: string[] | undefined;
  /**
   * 0xRRGGBB; 0: none of its own
   *
   * Default: 0.
   */
  color?: number | undefined;
}

/** `public.create_role`, as `guildhall.communities.createRole`. */
export const createRole = {
  name: 'create_role',
  domain: 'communities',
  method: 'createRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    name: 'p_name',
    permissions: 'p_permissions',
    color: 'p_color',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
    permissions: z.optional(z.array(z.string('must be a string'), 'must be a list')),
    color: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_channel`. */
export interface DeleteChannelArgs {
  channelId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.delete_channel`, as `guildhall.communities.deleteChannel`. */
export const deleteChannel = {
  name: 'delete_channel',
  domain: 'communities',
  method: 'deleteChannel',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_channel_group`. */
export interface DeleteChannelGroupArgs {
  groupId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.delete_channel_group`, as `guildhall.communities.deleteChannelGroup`. */
export const deleteChannelGroup = {
  name: 'delete_channel_group',
  domain: 'communities',
  method: 'deleteChannelGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    groupId: 'p_group_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_community`. */
export interface DeleteCommunityArgs {
  communityId: string;
  /** the community's name, typed again */
  name: string;
}

/** `public.delete_community`, as `guildhall.communities.delete`. */
export const deleteCommunity = {
  name: 'delete_community',
  domain: 'communities',
  method: 'delete',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_role`. */
export interface DeleteRoleArgs {
  roleId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.delete_role`, as `guildhall.communities.deleteRole`. */
export const deleteRole = {
  name: 'delete_role',
  domain: 'communities',
  method: 'deleteRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    roleId: 'p_role_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    roleId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `grant_role`. */
export interface GrantRoleArgs {
  communityId: string;
  userId: string;
  roleId: string;
  /** when the grant ends by itself; left out: never. Granted again: the new end holds */
  expiresAt?: string | null | undefined;
}

/** `public.grant_role`, as `guildhall.communities.grantRole`. */
export const grantRole = {
  name: 'grant_role',
  domain: 'communities',
  method: 'grantRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    roleId: 'p_role_id',
    expiresAt: 'p_expires_at',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    roleId: z.guid('must be a UUID'),
    expiresAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `kick_member`. */
export interface KickMemberArgs {
  communityId: string;
  userId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.kick_member`, as `guildhall.communities.kickMember`. */
export const kickMember = {
  name: 'kick_member',
  domain: 'communities',
  method: 'kickMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
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

/** Arguments of `list_audit_log`. */
export interface ListAuditLogArgs {
  communityId: string;
  /** go on before this number */
  beforeNumber?: number | null | undefined;
  /** only this action */
  action?: string | null | undefined;
  /** only what this user did */
  actorId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_audit_log`, as `guildhall.communities.listAuditLog`. */
export const listAuditLog = {
  name: 'list_audit_log',
  domain: 'communities',
  method: 'listAuditLog',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
    beforeNumber: 'p_before_number',
    action: 'p_action',
    actorId: 'p_actor_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    beforeNumber: z.optional(z.nullable(z.int('must be a whole number'))),
    action: z.optional(z.nullable(z.string('must be a string'))),
    actorId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_bans`. */
export interface ListBansArgs {
  communityId: string;
  /** go on with older ones: the `created_at` of the last of the page before, as it came */
  beforeCreatedAt?: string | null | undefined;
  /** and its `user_id`; both or none */
  beforeUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_bans`, as `guildhall.communities.listBans`. */
export const listBans = {
  name: 'list_bans',
  domain: 'communities',
  method: 'listBans',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
    beforeCreatedAt: 'p_before_created_at',
    beforeUserId: 'p_before_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    beforeCreatedAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_channel_group_overwrites`. */
export interface ListChannelGroupOverwritesArgs {
  groupId: string;
}

/** `public.list_channel_group_overwrites`, as `guildhall.communities.listChannelGroupOverwrites`. */
export const listChannelGroupOverwrites = {
  name: 'list_channel_group_overwrites',
  domain: 'communities',
  method: 'listChannelGroupOverwrites',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    groupId: 'p_group_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_channel_groups`. */
export interface ListChannelGroupsArgs {
  communityId: string;
}

/** `public.list_channel_groups`, as `guildhall.communities.listChannelGroups`. */
export const listChannelGroups = {
  name: 'list_channel_groups',
  domain: 'communities',
  method: 'listChannelGroups',
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

/** Arguments of `list_channel_overwrites`. */
export interface ListChannelOverwritesArgs {
  channelId: string;
}

/** `public.list_channel_overwrites`, as `guildhall.communities.listChannelOverwrites`. */
export const listChannelOverwrites = {
  name: 'list_channel_overwrites',
  domain: 'communities',
  method: 'listChannelOverwrites',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
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

/** Arguments of `list_invites`. */
export interface ListInvitesArgs {
  communityId: string;
  /** go on with older ones: the `created_at` of the last of the page before, as it came */
  beforeCreatedAt?: string | null | undefined;
  /** and its `code`; both or none */
  beforeCode?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_invites`, as `guildhall.communities.listInvites`. */
export const listInvites = {
  name: 'list_invites',
  domain: 'communities',
  method: 'listInvites',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
    beforeCreatedAt: 'p_before_created_at',
    beforeCode: 'p_before_code',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    beforeCreatedAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeCode: z.optional(z.nullable(z.string('must be a string'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_members`. */
export interface ListMembersArgs {
  communityId: string;
  /** only who holds this role */
  roleId?: string | null | undefined;
  /** only whose shown name begins so, in whatever case */
  query?: string | null | undefined;
  /** go on after this member: the `sort_name` of the last of the page before */
  afterName?: string | null | undefined;
  /** and their `user_id` */
  afterUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_members`, as `guildhall.communities.listMembers`. */
export const listMembers = {
  name: 'list_members',
  domain: 'communities',
  method: 'listMembers',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
    roleId: 'p_role_id',
    query: 'p_query',
    afterName: 'p_after_name',
    afterUserId: 'p_after_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    roleId: z.optional(z.nullable(z.guid('must be a UUID'))),
    query: z.optional(z.nullable(z.string('must be a string'))),
    afterName: z.optional(z.nullable(z.string('must be a string'))),
    afterUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_roles`. */
export interface ListRolesArgs {
  communityId: string;
}

/** `public.list_roles`, as `guildhall.communities.listRoles`. */
export const listRoles = {
  name: 'list_roles',
  domain: 'communities',
  method: 'listRoles',
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

/** Arguments of `move_channel`. */
export interface MoveChannelArgs {
  channelId: string;
  /** a group of the same community; null: above all groups */
  groupId: string | null;
  /** 0 is the first; past the end: the last */
  position: number;
}

/** `public.move_channel`, as `guildhall.communities.moveChannel`. */
export const moveChannel = {
  name: 'move_channel',
  domain: 'communities',
  method: 'moveChannel',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    groupId: 'p_group_id',
    position: 'p_position',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    groupId: z.nullable(z.guid('must be a UUID')),
    position: z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `move_channel_group`. */
export interface MoveChannelGroupArgs {
  groupId: string;
  /** 0 is the first; past the end: the last */
  position: number;
}

/** `public.move_channel_group`, as `guildhall.communities.moveChannelGroup`. */
export const moveChannelGroup = {
  name: 'move_channel_group',
  domain: 'communities',
  method: 'moveChannelGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    groupId: 'p_group_id',
    position: 'p_position',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
    position: z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `move_role`. */
export interface MoveRoleArgs {
  roleId: string;
  /** 1 is right above the default role, higher is stronger */
  position: number;
}

/** `public.move_role`, as `guildhall.communities.moveRole`. */
export const moveRole = {
  name: 'move_role',
  domain: 'communities',
  method: 'moveRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    roleId: 'p_role_id',
    position: 'p_position',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    roleId: z.guid('must be a UUID'),
    position: z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')),
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

/** Arguments of `preview_invite`. */
export interface PreviewInviteArgs {
  code: string;
}

/** What `preview_invite` returns. */
export type PreviewInviteResult = { community_id: string; name: string; inviter: string | null; expires_at: string | null; members: number };

/** `public.preview_invite`, as `guildhall.communities.previewInvite`. */
export const previewInvite = {
  name: 'preview_invite',
  domain: 'communities',
  method: 'previewInvite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    code: 'p_code',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    code: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `redeem_invite`. */
export interface RedeemInviteArgs {
  code: string;
}

/** What `redeem_invite` returns. */
export type RedeemInviteResult = Community;

/** `public.redeem_invite`, as `guildhall.communities.redeemInvite`. */
export const redeemInvite = {
  name: 'redeem_invite',
  domain: 'communities',
  method: 'redeemInvite',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'scalar',
  args: {
    code: 'p_code',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    code: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `revoke_invite`. */
export interface RevokeInviteArgs {
  code: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.revoke_invite`, as `guildhall.communities.revokeInvite`. */
export const revokeInvite = {
  name: 'revoke_invite',
  domain: 'communities',
  method: 'revokeInvite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    code: 'p_code',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    code: z.string('must be a string'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `revoke_role`. */
export interface RevokeRoleArgs {
  communityId: string;
  userId: string;
  roleId: string;
}

/** `public.revoke_role`, as `guildhall.communities.revokeRole`. */
export const revokeRole = {
  name: 'revoke_role',
  domain: 'communities',
  method: 'revokeRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    roleId: 'p_role_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    roleId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `set_channel_group_overwrite`. */
export interface SetChannelGroupOverwriteArgs {
  groupId: string;
  /** `role` (the default role included) or `member` */
  subjectKind: string;
  /** the role's or the user's id */
  subjectId: string;
  /** keys of permissions_catalog that are asked in channels */
  allow?: string[] | undefined;
  /** likewise, none of those allowed */
  deny?: string[] | undefined;
}

/** `public.set_channel_group_overwrite`, as `guildhall.communities.setChannelGroupOverwrite`. */
export const setChannelGroupOverwrite = {
  name: 'set_channel_group_overwrite',
  domain: 'communities',
  method: 'setChannelGroupOverwrite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    groupId: 'p_group_id',
    subjectKind: 'p_subject_kind',
    subjectId: 'p_subject_id',
    allow: 'p_allow',
    deny: 'p_deny',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
    subjectKind: z.string('must be a string'),
    subjectId: z.guid('must be a UUID'),
    allow: z.optional(z.array(z.string('must be a string'), 'must be a list')),
    deny: z.optional(z.array(z.string('must be a string'), 'must be a list')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `set_channel_overwrite`. */
export interface SetChannelOverwriteArgs {
  channelId: string;
  /** `role` (the default role included) or `member` */
  subjectKind: string;
  /** the role's or the user's id */
  subjectId: string;
  /** keys of permissions_catalog that are asked in channels */
  allow?: string[] | undefined;
  /** likewise, none of those allowed */
  deny?: string[] | undefined;
}

/** `public.set_channel_overwrite`, as `guildhall.communities.setChannelOverwrite`. */
export const setChannelOverwrite = {
  name: 'set_channel_overwrite',
  domain: 'communities',
  method: 'setChannelOverwrite',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    subjectKind: 'p_subject_kind',
    subjectId: 'p_subject_id',
    allow: 'p_allow',
    deny: 'p_deny',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    subjectKind: z.string('must be a string'),
    subjectId: z.guid('must be a UUID'),
    allow: z.optional(z.array(z.string('must be a string'), 'must be a list')),
    deny: z.optional(z.array(z.string('must be a string'), 'must be a list')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `set_member_roles`. */
export interface SetMemberRolesArgs {
  communityId: string;
  userId: string;
  /** the whole new set beside the default role, at most 250 */
  roleIds: string[];
}

/** `public.set_member_roles`, as `guildhall.communities.setMemberRoles`. */
export const setMemberRoles = {
  name: 'set_member_roles',
  domain: 'communities',
  method: 'setMemberRoles',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    roleIds: 'p_role_ids',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    roleIds: z.array(z.guid('must be a UUID'), 'must be a list'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `set_role_permissions`. */
export interface SetRolePermissionsArgs {
  roleId: string;
  /** the whole new set: keys of permissions_catalog */
  permissions: string[];
}

/** `public.set_role_permissions`, as `guildhall.communities.setRolePermissions`. */
export const setRolePermissions = {
  name: 'set_role_permissions',
  domain: 'communities',
  method: 'setRolePermissions',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    roleId: 'p_role_id',
    permissions: 'p_permissions',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    roleId: z.guid('must be a UUID'),
    permissions: z.array(z.string('must be a string'), 'must be a list'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `sync_channel_with_group`. */
export interface SyncChannelWithGroupArgs {
  channelId: string;
}

/** `public.sync_channel_with_group`, as `guildhall.communities.syncChannelWithGroup`. */
export const syncChannelWithGroup = {
  name: 'sync_channel_with_group',
  domain: 'communities',
  method: 'syncChannelWithGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `timeout_member`. */
export interface TimeoutMemberArgs {
  communityId: string;
  userId: string;
  /** at most 28 days from now; null: the timeout ends now */
  until: string | null;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.timeout_member`, as `guildhall.communities.timeoutMember`. */
export const timeoutMember = {
  name: 'timeout_member',
  domain: 'communities',
  method: 'timeoutMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    until: 'p_until',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    until: z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' })),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `transfer_ownership`. */
export interface TransferOwnershipArgs {
  communityId: string;
  newOwnerId: string;
}

/** `public.transfer_ownership`, as `guildhall.communities.transferOwnership`. */
export const transferOwnership = {
  name: 'transfer_ownership',
  domain: 'communities',
  method: 'transferOwnership',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    newOwnerId: 'p_new_owner_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    newOwnerId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `unban_member`. */
export interface UnbanMemberArgs {
  communityId: string;
  userId: string;
  /**
   * true shows again what their bans have hidden, also those that ended before; then there need be no ban that holds
   *
   * Default: false.
   */
  restoreMessages?: boolean | undefined;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.unban_member`, as `guildhall.communities.unbanMember`. */
export const unbanMember = {
  name: 'unban_member',
  domain: 'communities',
  method: 'unbanMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    userId: 'p_user_id',
    restoreMessages: 'p_restore_messages',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    restoreMessages: z.optional(z.boolean('must be true or false')),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_channel`. */
export interface UpdateChannelArgs {
  channelId: string;
  /** 1 to 100 characters */
  name?: string | null | undefined;
  /** how long everybody waits between two messages, up to 21,600 seconds; 0: no slow mode */
  slowModeSeconds?: number | null | undefined;
  /**
   * whether joins are told in it, in place of the channel that told them before; to begin with it needs
   * `manage_channels` in the community, too
   */
  announcesJoins?: boolean | null | undefined;
}

/** `public.update_channel`, as `guildhall.communities.updateChannel`. */
export const updateChannel = {
  name: 'update_channel',
  domain: 'communities',
  method: 'updateChannel',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    name: 'p_name',
    slowModeSeconds: 'p_slow_mode_seconds',
    announcesJoins: 'p_announces_joins',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    name: z.optional(z.nullable(z.string('must be a string'))),
    slowModeSeconds: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
    announcesJoins: z.optional(z.nullable(z.boolean('must be true or false'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_channel_group`. */
export interface UpdateChannelGroupArgs {
  groupId: string;
  /** 1 to 100 characters */
  name: string;
}

/** `public.update_channel_group`, as `guildhall.communities.updateChannelGroup`. */
export const updateChannelGroup = {
  name: 'update_channel_group',
  domain: 'communities',
  method: 'updateChannelGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    groupId: 'p_group_id',
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    groupId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_community`. */
export interface UpdateCommunityArgs {
  communityId: string;
  /** 1 to 100 characters */
  name: string;
}

/** `public.update_community`, as `guildhall.communities.update`. */
export const updateCommunity = {
  name: 'update_community',
  domain: 'communities',
  method: 'update',
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

/** Arguments of `update_my_membership`. */
export interface UpdateMyMembershipArgs {
  communityId: string;
  /** 1 to 32 characters; null: the profile's name again */
  nickname: string | null;
}

/** `public.update_my_membership`, as `guildhall.communities.updateMyMembership`. */
export const updateMyMembership = {
  name: 'update_my_membership',
  domain: 'communities',
  method: 'updateMyMembership',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    communityId: 'p_community_id',
    nickname: 'p_nickname',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    nickname: z.nullable(z.string('must be a string')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_role`. */
export interface UpdateRoleArgs {
  roleId: string;
  /** 1 to 100 characters */
  name?: string | null | undefined;
  /** the whole new set: keys of permissions_catalog */
  permissions?: string[] | null | undefined;
  /** 0xRRGGBB; 0: none of its own */
  color?: number | null | undefined;
}

/** `public.update_role`, as `guildhall.communities.updateRole`. */
export const updateRole = {
  name: 'update_role',
  domain: 'communities',
  method: 'updateRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    roleId: 'p_role_id',
    name: 'p_name',
    permissions: 'p_permissions',
    color: 'p_color',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    roleId: z.guid('must be a UUID'),
    name: z.optional(z.nullable(z.string('must be a string'))),
    permissions: z.optional(z.nullable(z.array(z.string('must be a string'), 'must be a list'))),
    color: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `verify_audit_chain`. */
export interface VerifyAuditChainArgs {
  communityId: string;
}

/** What `verify_audit_chain` returns. */
export type VerifyAuditChainResult = { is_valid: boolean; entries: number; first_bad_number: number | null; problem: 'missing' | 'broken link' | 'changed' | 'cut off' | null };

/** `public.verify_audit_chain`, as `guildhall.communities.verifyAuditChain`. */
export const verifyAuditChain = {
  name: 'verify_audit_chain',
  domain: 'communities',
  method: 'verifyAuditChain',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `add_reaction`. */
export interface AddReactionArgs {
  channelId: string;
  seq: number;
  /** one emoji */
  emoji: string;
}

/** `public.add_reaction`, as `guildhall.messages.addReaction`. */
export const addReaction = {
  name: 'add_reaction',
  domain: 'messages',
  method: 'addReaction',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    emoji: 'p_emoji',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    emoji: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `add_thread_member`. */
export interface AddThreadMemberArgs {
  threadId: string;
  /** a member who reads the channel; at most 100 to a thread */
  userId: string;
}

/** `public.add_thread_member`, as `guildhall.messages.addThreadMember`. */
export const addThreadMember = {
  name: 'add_thread_member',
  domain: 'messages',
  method: 'addThreadMember',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    threadId: 'p_thread_id',
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `claim_attachment_removals`. */
export interface ClaimAttachmentRemovalsArgs {
  /**
   * 1 to 1,000
   *
   * Default: 100.
   */
  limit?: number | undefined;
}

/** `public.claim_attachment_removals`, as `guildhall.messages.claimAttachmentRemovals`. */
export const claimAttachmentRemovals = {
  name: 'claim_attachment_removals',
  domain: 'messages',
  method: 'claimAttachmentRemovals',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `claim_link_previews`. */
export interface ClaimLinkPreviewsArgs {
  /**
   * 1 to 100 links
   *
   * Default: 20.
   */
  limit?: number | undefined;
}

/** What `claim_link_previews` returns. */
export type ClaimLinkPreviewsResult = { channel_id: string; seq: number; url: string; is_known: boolean; preview: { title: string | null; description: string | null; site_name: string | null; image_url: string | null } | null }[];

/** `public.claim_link_previews`, as `guildhall.messages.claimLinkPreviews`. */
export const claimLinkPreviews = {
  name: 'claim_link_previews',
  domain: 'messages',
  method: 'claimLinkPreviews',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `clear_reactions`. */
export interface ClearReactionsArgs {
  channelId: string;
  seq: number;
  /** only those with this one; left out: all of them */
  emoji?: string | null | undefined;
}

/** `public.clear_reactions`, as `guildhall.messages.clearReactions`. */
export const clearReactions = {
  name: 'clear_reactions',
  domain: 'messages',
  method: 'clearReactions',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    emoji: 'p_emoji',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    emoji: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `create_thread`. */
export interface CreateThreadArgs {
  channelId: string;
  /** 1 to 100 characters */
  name: string;
  /** the message of this channel that it hangs on; needs `read_history`; a message has one thread at most */
  seq?: number | null | undefined;
  /**
   * not together with `p_seq`
   *
   * Default: false.
   */
  isPrivate?: boolean | undefined;
  /**
   * of silence: 60, 1440, 4320 or 10080; a message opens it again
   *
   * Default: 4320.
   */
  archiveAfterMinutes?: number | undefined;
}

/** `public.create_thread`, as `guildhall.messages.createThread`. */
export const createThread = {
  name: 'create_thread',
  domain: 'messages',
  method: 'createThread',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    name: 'p_name',
    seq: 'p_seq',
    isPrivate: 'p_is_private',
    archiveAfterMinutes: 'p_archive_after_minutes',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    name: z.string('must be a string'),
    seq: z.optional(z.nullable(z.int('must be a whole number'))),
    isPrivate: z.optional(z.boolean('must be true or false')),
    archiveAfterMinutes: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_message`. */
export interface DeleteMessageArgs {
  channelId: string;
  seq: number;
  /** up to 512 characters, for the audit log, where the message is somebody else's */
  reason?: string | null | undefined;
}

/** `public.delete_message`, as `guildhall.messages.delete`. */
export const deleteMessage = {
  name: 'delete_message',
  domain: 'messages',
  method: 'delete',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_messages`. */
export interface DeleteMessagesArgs {
  channelId: string;
  /** 1 to 100 numbers */
  seqs: number[];
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.delete_messages`, as `guildhall.messages.deleteMany`. */
export const deleteMessages = {
  name: 'delete_messages',
  domain: 'messages',
  method: 'deleteMany',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seqs: 'p_seqs',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seqs: z.array(z.int('must be a whole number'), 'must be a list'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `delete_thread`. */
export interface DeleteThreadArgs {
  threadId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.delete_thread`, as `guildhall.messages.deleteThread`. */
export const deleteThread = {
  name: 'delete_thread',
  domain: 'messages',
  method: 'deleteThread',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    threadId: 'p_thread_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `edit_message`. */
export interface EditMessageArgs {
  channelId: string;
  seq: number;
  /** as in `send_message`, empty where it has files; it mentions as if it were sent now */
  body: string;
}

/** `public.edit_message`, as `guildhall.messages.edit`. */
export const editMessage = {
  name: 'edit_message',
  domain: 'messages',
  method: 'edit',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    body: 'p_body',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    body: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `fetch_social_messages`. */
export interface FetchSocialMessagesArgs {
  channelId: string;
  /** 1 to 200; what is below or above is taken as the nearest of them, null as 50 */
  limit?: number | null | undefined;
  /** only what was sent strictly after this time */
  since?: string | null | undefined;
}

/** `public.fetch_social_messages`, as `guildhall.messages.fetchSocial`. */
export const fetchSocialMessages = {
  name: 'fetch_social_messages',
  domain: 'messages',
  method: 'fetchSocial',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
    limit: 'p_limit',
    since: 'p_since',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    limit: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
    since: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `get_message`. */
export interface GetMessageArgs {
  channelId: string;
  seq: number;
}

/** `public.get_message`, as `guildhall.messages.get`. */
export const getMessage = {
  name: 'get_message',
  domain: 'messages',
  method: 'get',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `get_thread`. */
export interface GetThreadArgs {
  threadId: string;
}

/** `public.get_thread`, as `guildhall.messages.getThread`. */
export const getThread = {
  name: 'get_thread',
  domain: 'messages',
  method: 'getThread',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {
    threadId: 'p_thread_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `insert_social_message`. */
export interface InsertSocialMessageArgs {
  channelId: string;
  /** 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C */
  body: string;
  /** the sender's own mark, 1 to 64 characters; choose a new one for each message */
  clientId?: string | null | undefined;
}

/** `public.insert_social_message`, as `guildhall.messages.insertSocial`. */
export const insertSocialMessage = {
  name: 'insert_social_message',
  domain: 'messages',
  method: 'insertSocial',
  volatility: 'volatile',
  idempotentBy: 'p_client_id',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    body: 'p_body',
    clientId: 'p_client_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    body: z.string('must be a string'),
    clientId: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `join_thread`. */
export interface JoinThreadArgs {
  threadId: string;
}

/** `public.join_thread`, as `guildhall.messages.joinThread`. */
export const joinThread = {
  name: 'join_thread',
  domain: 'messages',
  method: 'joinThread',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    threadId: 'p_thread_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `leave_thread`. */
export interface LeaveThreadArgs {
  threadId: string;
}

/** `public.leave_thread`, as `guildhall.messages.leaveThread`. */
export const leaveThread = {
  name: 'leave_thread',
  domain: 'messages',
  method: 'leaveThread',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    threadId: 'p_thread_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_message_edits`. */
export interface ListMessageEditsArgs {
  channelId: string;
  seq: number;
}

/** `public.list_message_edits`, as `guildhall.messages.listMessageEdits`. */
export const listMessageEdits = {
  name: 'list_message_edits',
  domain: 'messages',
  method: 'listMessageEdits',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
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

/** Arguments of `list_pins`. */
export interface ListPinsArgs {
  channelId: string;
}

/** `public.list_pins`, as `guildhall.messages.listPins`. */
export const listPins = {
  name: 'list_pins',
  domain: 'messages',
  method: 'listPins',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_reactions`. */
export interface ListReactionsArgs {
  channelId: string;
  seq: number;
  emoji: string;
  /** go on after the last of the page before */
  afterUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_reactions`, as `guildhall.messages.listReactions`. */
export const listReactions = {
  name: 'list_reactions',
  domain: 'messages',
  method: 'listReactions',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    emoji: 'p_emoji',
    afterUserId: 'p_after_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    emoji: z.string('must be a string'),
    afterUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_thread_members`. */
export interface ListThreadMembersArgs {
  threadId: string;
  /** go on after the last of the page before */
  afterUserId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_thread_members`, as `guildhall.messages.listThreadMembers`. */
export const listThreadMembers = {
  name: 'list_thread_members',
  domain: 'messages',
  method: 'listThreadMembers',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    threadId: 'p_thread_id',
    afterUserId: 'p_after_user_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
    afterUserId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_threads`. */
export interface ListThreadsArgs {
  channelId: string;
  /**
   * false: those that are open; true: the archive
   *
   * Default: false.
   */
  isArchived?: boolean | undefined;
  /** go on after the last of the page before */
  beforeId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_threads`, as `guildhall.messages.listThreads`. */
export const listThreads = {
  name: 'list_threads',
  domain: 'messages',
  method: 'listThreads',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    channelId: 'p_channel_id',
    isArchived: 'p_is_archived',
    beforeId: 'p_before_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    isArchived: z.optional(z.boolean('must be true or false')),
    beforeId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_topics`. */
export interface ListTopicsArgs {
  communityId: string;
}

/** What `list_topics` returns. */
export type ListTopicsResult = { community_topic: string; activity_topic: string | null };

/** `public.list_topics`, as `guildhall.messages.listTopics`. */
export const listTopics = {
  name: 'list_topics',
  domain: 'messages',
  method: 'listTopics',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_unread`. */
export interface ListUnreadArgs {
  /** only in this community; left out: in all of the caller's, and in direct channels */
  communityId?: string | null | undefined;
}

/** `public.list_unread`, as `guildhall.messages.listUnread`. */
export const listUnread = {
  name: 'list_unread',
  domain: 'messages',
  method: 'listUnread',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    communityId: 'p_community_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.optional(z.nullable(z.guid('must be a UUID'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `mark_read`. */
export interface MarkReadArgs {
  channelId: string;
  /** the number of the last message read; above the newest: all of them */
  seq: number;
}

/** `public.mark_read`, as `guildhall.messages.markRead`. */
export const markRead = {
  name: 'mark_read',
  domain: 'messages',
  method: 'markRead',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `pin_message`. */
export interface PinMessageArgs {
  channelId: string;
  seq: number;
}

/** `public.pin_message`, as `guildhall.messages.pin`. */
export const pinMessage = {
  name: 'pin_message',
  domain: 'messages',
  method: 'pin',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `remove_reaction`. */
export interface RemoveReactionArgs {
  channelId: string;
  seq: number;
  /** one emoji */
  emoji: string;
}

/** `public.remove_reaction`, as `guildhall.messages.removeReaction`. */
export const removeReaction = {
  name: 'remove_reaction',
  domain: 'messages',
  method: 'removeReaction',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    emoji: 'p_emoji',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    emoji: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `remove_thread_member`. */
export interface RemoveThreadMemberArgs {
  threadId: string;
  userId: string;
  /** up to 512 characters, for the audit log, where the thread is not one's own */
  reason?: string | null | undefined;
}

/** `public.remove_thread_member`, as `guildhall.messages.removeThreadMember`. */
export const removeThreadMember = {
  name: 'remove_thread_member',
  domain: 'messages',
  method: 'removeThreadMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    threadId: 'p_thread_id',
    userId: 'p_user_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `search_messages`. */
export interface SearchMessagesArgs {
  /**
   * words that a message has all of, whole and in whatever case; "several words" in this order, `or` between two, `-` before one
   * that it has not. And filters: `from:` a user's id or a member's username; `in:` the id or name of a channel, its threads included, or of a thread, in quotes where it has spaces; `has:`
   * attachment, link, mention, pin, reaction or reply; `before:` and `after:` a day, as 2026-12-31, which is itself left out, in UTC. Several `from:`
   * or `in:` find any of them, all else is needed together. A filter that names nobody or no channel to be read finds nothing; one that
   * is malformed is refused, and so is a search for nothing, or only for what is not there. Up to 500 characters
   */
  query: string;
  /** where to search; null: in the caller's direct channels */
  communityId: string | null;
  /** only in this channel and its threads, or in this thread; needs `read_history` there */
  channelId?: string | null | undefined;
  /** go on with older ones: the `created_at` of the last of the page before, as it came */
  beforeCreatedAt?: string | null | undefined;
  /** and its `channel_id` */
  beforeChannelId?: string | null | undefined;
  /** and its `seq`; all three or none */
  beforeSeq?: number | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 25.
   */
  limit?: number | undefined;
}

/** `public.search_messages`, as `guildhall.messages.search`. */
export const searchMessages = {
  name: 'search_messages',
  domain: 'messages',
  method: 'search',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'rows',
  args: {
    query: 'p_query',
    communityId: 'p_community_id',
    channelId: 'p_channel_id',
    beforeCreatedAt: 'p_before_created_at',
    beforeChannelId: 'p_before_channel_id',
    beforeSeq: 'p_before_seq',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    query: z.string('must be a string'),
    communityId: z.nullable(z.guid('must be a UUID')),
    channelId: z.optional(z.nullable(z.guid('must be a UUID'))),
    beforeCreatedAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeChannelId: z.optional(z.nullable(z.guid('must be a UUID'))),
    beforeSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `send_message`. */
export interface SendMessageArgs {
  channelId: string;
  /**
   * 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C. May be empty where there
   * are files
   */
  body: string;
  /** the sender's own mark, 1 to 64 characters; choose a new one for each message */
  clientNonce?: string | null | undefined;
  /** the message of this channel it answers; needs `read_history` */
  replyToSeq?: number | null | undefined;
  /**
   * at most 10 files that the caller has put into the
   * bucket `attachments`, at `<channel id>/<own user id>/<id>`, and not sent yet; needs `attach_files`. `name` is what it is called, 1 to 255
   * characters; from `expires_at` on, at most a year from now, nobody sees it
   */
  attachments?: { id: string; name: string; expires_at?: string | null }[] | null | undefined;
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
    attachments: 'p_attachments',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    body: z.string('must be a string'),
    clientNonce: z.optional(z.nullable(z.string('must be a string'))),
    replyToSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    attachments: z.optional(z.nullable(z.json())),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `start_typing`. */
export interface StartTypingArgs {
  channelId: string;
}

/** `public.start_typing`, as `guildhall.messages.startTyping`. */
export const startTyping = {
  name: 'start_typing',
  domain: 'messages',
  method: 'startTyping',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `store_link_preview`. */
export interface StoreLinkPreviewArgs {
  channelId: string;
  seq: number;
  /** the link as it was given out */
  url: string;
  /**
   * up to 256, 512,
   * 100 and 2,048 characters; null: there is nothing to show
   */
  preview: { title?: string | null; description?: string | null; site_name?: string | null; image_url?: string | null } | null;
}

/** `public.store_link_preview`, as `guildhall.messages.storeLinkPreview`. */
export const storeLinkPreview = {
  name: 'store_link_preview',
  domain: 'messages',
  method: 'storeLinkPreview',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    url: 'p_url',
    preview: 'p_preview',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    url: z.string('must be a string'),
    preview: z.nullable(z.json()),
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
export type SyncChannelResult = { topic: string; community_topic: string | null; parent_id: string | null; user_id: string; revision: number; last_seq: number; resync: boolean; has_more: boolean; changes: { revision: number; kind: 'created' | 'edited' | 'deleted' | 'reacted' | 'pinned' | 'unpinned' | 'threaded' | 'previewed' | 'anonymised'; seq: number; seqs?: number[]; at: string; message: DescribedMessage | null }[]; hidden: { author_id: string; since: string; until: string }[] };

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

/** Arguments of `unpin_message`. */
export interface UnpinMessageArgs {
  channelId: string;
  seq: number;
}

/** `public.unpin_message`, as `guildhall.messages.unpin`. */
export const unpinMessage = {
  name: 'unpin_message',
  domain: 'messages',
  method: 'unpin',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_thread`. */
export interface UpdateThreadArgs {
  threadId: string;
  /** 1 to 100 characters; a new name is told in the thread */
  name?: string | null | undefined;
  /** true: only those with `manage_threads` write and react in it */
  isLocked?: boolean | null | undefined;
  /** true: puts it into the archive; false: takes it out */
  isArchived?: boolean | null | undefined;
  /** 60, 1440, 4320 or 10080 */
  archiveAfterMinutes?: number | null | undefined;
  /** up to 512 characters, for the audit log, where it is not one's own */
  reason?: string | null | undefined;
}

/** `public.update_thread`, as `guildhall.messages.updateThread`. */
export const updateThread = {
  name: 'update_thread',
  domain: 'messages',
  method: 'updateThread',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    threadId: 'p_thread_id',
    name: 'p_name',
    isLocked: 'p_is_locked',
    isArchived: 'p_is_archived',
    archiveAfterMinutes: 'p_archive_after_minutes',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.guid('must be a UUID'),
    name: z.optional(z.nullable(z.string('must be a string'))),
    isLocked: z.optional(z.nullable(z.boolean('must be true or false'))),
    isArchived: z.optional(z.nullable(z.boolean('must be true or false'))),
    archiveAfterMinutes: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `add_direct_member`. */
export interface AddDirectMemberArgs {
  channelId: string;
  userId: string;
}

/** `public.add_direct_member`, as `guildhall.direct.addMember`. */
export const addDirectMember = {
  name: 'add_direct_member',
  domain: 'direct',
  method: 'addMember',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `ensure_chat_thread`. */
export interface EnsureChatThreadArgs {
  /** the other's external id */
  otherMongoId: string;
}

/** `public.ensure_chat_thread`, as `guildhall.direct.ensureChatThread`. */
export const ensureChatThread = {
  name: 'ensure_chat_thread',
  domain: 'direct',
  method: 'ensureChatThread',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    otherMongoId: '_other_mongo_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    otherMongoId: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `fetch_chat_history`. */
export interface FetchChatHistoryArgs {
  /** both ids in the order of their bytes, joined by `_` */
  threadId: string;
  /** the newest below this number */
  beforeSeq?: number | null | undefined;
  /** the oldest above this number */
  afterSeq?: number | null | undefined;
  /** the newest that were sent strictly before this time */
  before?: string | null | undefined;
  /** 1 to 100; what is below or above is taken as the nearest of them, null as 50 */
  limit?: number | null | undefined;
}

/** `public.fetch_chat_history`, as `guildhall.direct.fetchChatHistory`. */
export const fetchChatHistory = {
  name: 'fetch_chat_history',
  domain: 'direct',
  method: 'fetchChatHistory',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    threadId: '_thread_id',
    beforeSeq: '_before_seq',
    afterSeq: '_after_seq',
    before: '_before',
    limit: '_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.string('must be a string'),
    beforeSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    afterSeq: z.optional(z.nullable(z.int('must be a whole number'))),
    before: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    limit: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `get_direct`. */
export interface GetDirectArgs {
  channelId: string;
}

/** `public.get_direct`, as `guildhall.direct.get`. */
export const getDirect = {
  name: 'get_direct',
  domain: 'direct',
  method: 'get',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `insert_chat_message`. */
export interface InsertChatMessageArgs {
  /** both ids in the order of their bytes, joined by `_`; another is refused */
  threadId: string;
  /** the caller's own external id; another is refused (`missing_permission`) */
  senderMongoId: string;
  /** the other's */
  recipientMongoId: string;
  /** 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C */
  body: string;
  /** the sender's own mark, 1 to 64 characters; choose a new one for each message */
  clientId?: string | null | undefined;
}

/** `public.insert_chat_message`, as `guildhall.direct.insertChatMessage`. */
export const insertChatMessage = {
  name: 'insert_chat_message',
  domain: 'direct',
  method: 'insertChatMessage',
  volatility: 'volatile',
  idempotentBy: '_client_id',
  returns: 'row',
  args: {
    threadId: '_thread_id',
    senderMongoId: '_sender_mongo_id',
    recipientMongoId: '_recipient_mongo_id',
    body: '_body',
    clientId: '_client_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    threadId: z.string('must be a string'),
    senderMongoId: z.string('must be a string'),
    recipientMongoId: z.string('must be a string'),
    body: z.string('must be a string'),
    clientId: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `leave_direct_group`. */
export interface LeaveDirectGroupArgs {
  channelId: string;
}

/** `public.leave_direct_group`, as `guildhall.direct.leaveGroup`. */
export const leaveDirectGroup = {
  name: 'leave_direct_group',
  domain: 'direct',
  method: 'leaveGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_direct`. */
export interface ListDirectArgs {
  /** go on with older ones: the `last_message_at` of the last of the page before, where that is null its `created_at` */
  beforeAt?: string | null | undefined;
  /** and its `id`; both or none */
  beforeId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_direct`, as `guildhall.direct.list`. */
export const listDirect = {
  name: 'list_direct',
  domain: 'direct',
  method: 'list',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    beforeAt: 'p_before_at',
    beforeId: 'p_before_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    beforeAt: z.optional(z.nullable(z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with Z or an offset' }))),
    beforeId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `open_direct`. */
export interface OpenDirectArgs {
  /** the other */
  userId: string;
}

/** `public.open_direct`, as `guildhall.direct.open`. */
export const openDirect = {
  name: 'open_direct',
  domain: 'direct',
  method: 'open',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `open_group`. */
export interface OpenGroupArgs {
  userIds: string[];
  /** 1 to 100 characters; left out: none */
  name?: string | null | undefined;
}

/** `public.open_group`, as `guildhall.direct.openGroup`. */
export const openGroup = {
  name: 'open_group',
  domain: 'direct',
  method: 'openGroup',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    userIds: 'p_user_ids',
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userIds: z.array(z.guid('must be a UUID'), 'must be a list'),
    name: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `remove_direct_member`. */
export interface RemoveDirectMemberArgs {
  channelId: string;
  userId: string;
}

/** `public.remove_direct_member`, as `guildhall.direct.removeMember`. */
export const removeDirectMember = {
  name: 'remove_direct_member',
  domain: 'direct',
  method: 'removeMember',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `rename_direct_group`. */
export interface RenameDirectGroupArgs {
  channelId: string;
  /** 1 to 100 characters; null: none */
  name: string | null;
}

/** `public.rename_direct_group`, as `guildhall.direct.renameGroup`. */
export const renameDirectGroup = {
  name: 'rename_direct_group',
  domain: 'direct',
  method: 'renameGroup',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    name: 'p_name',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    name: z.nullable(z.string('must be a string')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `act_on_report`. */
export interface ActOnReportArgs {
  reportId: string;
  /** what is to be done */
  action: 'delete_message' | 'kick_member' | 'ban_member';
  /** up to 512 characters, which also the community reads in its audit log */
  reason?: string | null | undefined;
}

/** `public.act_on_report`, as `guildhall.moderation.actOnReport`. */
export const actOnReport = {
  name: 'act_on_report',
  domain: 'moderation',
  method: 'actOnReport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    action: 'p_action',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    action: z.string('must be a string'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `assign_report`. */
export interface AssignReportArgs {
  reportId: string;
  /** who is to have it in hand; left out: oneself */
  userId?: string | null | undefined;
}

/** `public.assign_report`, as `guildhall.moderation.assignReport`. */
export const assignReport = {
  name: 'assign_report',
  domain: 'moderation',
  method: 'assignReport',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    userId: z.optional(z.nullable(z.guid('must be a UUID'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `dismiss_report`. */
export interface DismissReportArgs {
  reportId: string;
  /** why, up to 2,000 characters, for staff */
  note?: string | null | undefined;
}

/** `public.dismiss_report`, as `guildhall.moderation.dismissReport`. */
export const dismissReport = {
  name: 'dismiss_report',
  domain: 'moderation',
  method: 'dismissReport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    note: 'p_note',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    note: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `get_report`. */
export interface GetReportArgs {
  reportId: string;
}

/** What `get_report` returns. */
export type GetReportResult = { report: Report; evidence: { taken_at: string; community?: { id: string; name: string } | null; channel?: { id: string; name: string | null }; thread?: { id: string; name: string } | null; author?: { id: string; username: string; display_name: string } | null; message?: Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] }; edits?: { revision: number; body: string; edited_at: string }[]; around?: (Omit<Message, 'client_nonce' | 'attachments'> & { attachments: { id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null; etag: string | null }[] })[]; user?: { id: string; username: string; display_name: string }; communities?: { id: string; name: string; nickname: string | null }[]; owner?: { id: string; username: string; display_name: string }; members?: number; channels?: { id: string; name: string }[] }; events: { at: string; actor_id: string | null; kind: 'reported' | 'assigned' | 'released' | 'noted' | 'acted' | 'resolved' | 'dismissed' | 'reopened'; note: string | null; details: Record<string, string> | null }[] };

/** `public.get_report`, as `guildhall.moderation.getReport`. */
export const getReport = {
  name: 'get_report',
  domain: 'moderation',
  method: 'getReport',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    reportId: 'p_report_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `grant_staff_role`. */
export interface GrantStaffRoleArgs {
  userId: string;
  /** reviewers work on reports; admins also see who made them, hand them to others and open them again */
  role: 'reviewer' | 'admin';
}

/** `public.grant_staff_role`, as `guildhall.moderation.grantStaffRole`. */
export const grantStaffRole = {
  name: 'grant_staff_role',
  domain: 'moderation',
  method: 'grantStaffRole',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'void',
  args: {
    userId: 'p_user_id',
    role: 'p_role',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
    role: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_reports`. */
export interface ListReportsArgs {
  /**
   * which
   *
   * Default: 'open'.
   */
  state?: 'open' | 'in_review' | 'resolved' | 'dismissed' | undefined;
  /** go on after this report */
  afterId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.list_reports`, as `guildhall.moderation.listReports`. */
export const listReports = {
  name: 'list_reports',
  domain: 'moderation',
  method: 'listReports',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    state: 'p_state',
    afterId: 'p_after_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    state: z.optional(z.string('must be a string')),
    afterId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** `public.list_staff`, as `guildhall.moderation.listStaff`. */
export const listStaff = {
  name: 'list_staff',
  domain: 'moderation',
  method: 'listStaff',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `my_reports`. */
export interface MyReportsArgs {
  /** go on before this report */
  beforeId?: string | null | undefined;
  /**
   * 1 to 100
   *
   * Default: 50.
   */
  limit?: number | undefined;
}

/** `public.my_reports`, as `guildhall.moderation.myReports`. */
export const myReports = {
  name: 'my_reports',
  domain: 'moderation',
  method: 'myReports',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'rows',
  args: {
    beforeId: 'p_before_id',
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    beforeId: z.optional(z.nullable(z.guid('must be a UUID'))),
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** What `my_staff_role` returns. */
export type MyStaffRoleResult = 'reviewer' | 'admin' | null;

/** `public.my_staff_role`, as `guildhall.moderation.myStaffRole`. */
export const myStaffRole = {
  name: 'my_staff_role',
  domain: 'moderation',
  method: 'myStaffRole',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'scalar',
  args: {},
  argsSchema: /* @__PURE__ */ (() => z.strictObject({}))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `note_report`. */
export interface NoteReportArgs {
  reportId: string;
  /** 1 to 2,000 characters */
  note: string;
}

/** `public.note_report`, as `guildhall.moderation.noteReport`. */
export const noteReport = {
  name: 'note_report',
  domain: 'moderation',
  method: 'noteReport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    note: 'p_note',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    note: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `reopen_report`. */
export interface ReopenReportArgs {
  reportId: string;
  /** why, up to 2,000 characters, for staff */
  note?: string | null | undefined;
}

/** `public.reopen_report`, as `guildhall.moderation.reopenReport`. */
export const reopenReport = {
  name: 'reopen_report',
  domain: 'moderation',
  method: 'reopenReport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    note: 'p_note',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    note: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `report_community`. */
export interface ReportCommunityArgs {
  communityId: string;
  reason: 'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other';
  /** up to 2,000 characters for staff */
  details?: string | null | undefined;
}

/** `public.report_community`, as `guildhall.moderation.reportCommunity`. */
export const reportCommunity = {
  name: 'report_community',
  domain: 'moderation',
  method: 'reportCommunity',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    communityId: 'p_community_id',
    reason: 'p_reason',
    details: 'p_details',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    reason: z.string('must be a string'),
    details: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `report_message`. */
export interface ReportMessageArgs {
  channelId: string;
  seq: number;
  reason: 'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other';
  /** up to 2,000 characters for staff */
  details?: string | null | undefined;
}

/** `public.report_message`, as `guildhall.moderation.reportMessage`. */
export const reportMessage = {
  name: 'report_message',
  domain: 'moderation',
  method: 'reportMessage',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    seq: 'p_seq',
    reason: 'p_reason',
    details: 'p_details',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    seq: z.int('must be a whole number'),
    reason: z.string('must be a string'),
    details: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `report_user`. */
export interface ReportUserArgs {
  userId: string;
  reason: 'spam' | 'harassment' | 'hate' | 'violence' | 'sexual_content' | 'self_harm' | 'illegal' | 'other';
  /** up to 2,000 characters for staff */
  details?: string | null | undefined;
}

/** `public.report_user`, as `guildhall.moderation.reportUser`. */
export const reportUser = {
  name: 'report_user',
  domain: 'moderation',
  method: 'reportUser',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    userId: 'p_user_id',
    reason: 'p_reason',
    details: 'p_details',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
    reason: z.string('must be a string'),
    details: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `resolve_report`. */
export interface ResolveReportArgs {
  reportId: string;
  /** what was done about it, 1 to 2,000 characters, for staff */
  resolution: string;
}

/** `public.resolve_report`, as `guildhall.moderation.resolveReport`. */
export const resolveReport = {
  name: 'resolve_report',
  domain: 'moderation',
  method: 'resolveReport',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    reportId: 'p_report_id',
    resolution: 'p_resolution',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    reportId: z.guid('must be a UUID'),
    resolution: z.string('must be a string'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `revoke_staff_role`. */
export interface RevokeStaffRoleArgs {
  userId: string;
}

/** `public.revoke_staff_role`, as `guildhall.moderation.revokeStaffRole`. */
export const revokeStaffRole = {
  name: 'revoke_staff_role',
  domain: 'moderation',
  method: 'revokeStaffRole',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    userId: 'p_user_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    userId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `authorize_voice`. */
export interface AuthorizeVoiceArgs {
  communityId: string;
  channelId: string;
}

/** What `authorize_voice` returns. */
export type AuthorizeVoiceResult = { user_id: string; channel_id: string; transport: 'mesh' | 'sfu' };

/** `public.authorize_voice`, as `guildhall.voice.authorize`. */
export const authorizeVoice = {
  name: 'authorize_voice',
  domain: 'voice',
  method: 'authorize',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    communityId: 'p_community_id',
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    communityId: z.guid('must be a UUID'),
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `authorize_voice_token`. */
export interface AuthorizeVoiceTokenArgs {
  channelId: string;
  /**
   * the device's own id; left out: the only one
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
}

/** What `authorize_voice_token` returns. */
export type AuthorizeVoiceTokenResult = { session_id: string; channel_id: string; can_speak: boolean; can_stream: boolean };

/** `public.authorize_voice_token`, as `guildhall.voice.authorizeToken`. */
export const authorizeVoiceToken = {
  name: 'authorize_voice_token',
  domain: 'voice',
  method: 'authorizeToken',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
    deviceId: 'p_device_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    deviceId: z.optional(z.guid('must be a UUID')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `claim_voice_sfu_changes`. */
export interface ClaimVoiceSfuChangesArgs {
  /**
   * 1 to 100 changes
   *
   * Default: 100.
   */
  limit?: number | undefined;
}

/** What `claim_voice_sfu_changes` returns. */
export type ClaimVoiceSfuChangesResult = { session_id: string; room: string; is_removal: boolean; can_speak: boolean; can_stream: boolean; version: number }[];

/** `public.claim_voice_sfu_changes`, as `guildhall.voice.claimVoiceSfuChanges`. */
export const claimVoiceSfuChanges = {
  name: 'claim_voice_sfu_changes',
  domain: 'voice',
  method: 'claimVoiceSfuChanges',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `claim_voice_sfu_rooms`. */
export interface ClaimVoiceSfuRoomsArgs {
  /**
   * 1 to 100 rooms
   *
   * Default: 100.
   */
  limit?: number | undefined;
}

/** `public.claim_voice_sfu_rooms`, as `guildhall.voice.claimVoiceSfuRooms`. */
export const claimVoiceSfuRooms = {
  name: 'claim_voice_sfu_rooms',
  domain: 'voice',
  method: 'claimVoiceSfuRooms',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    limit: 'p_limit',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    limit: z.optional(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `compare_voice_sfu_room`. */
export interface CompareVoiceSfuRoomArgs {
  room: string;
  /** who is in the room, by the identity in their token */
  participants?: { session_id: string; can_speak: boolean; can_stream: boolean }[] | null | undefined;
  /** why that is not known, up to 500 characters, for an operator */
  error?: string | null | undefined;
}

/** `public.compare_voice_sfu_room`, as `guildhall.voice.compareVoiceSfuRoom`. */
export const compareVoiceSfuRoom = {
  name: 'compare_voice_sfu_room',
  domain: 'voice',
  method: 'compareVoiceSfuRoom',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    room: 'p_room',
    participants: 'p_participants',
    error: 'p_error',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    room: z.guid('must be a UUID'),
    participants: z.optional(z.nullable(z.json())),
    error: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `disconnect_member`. */
export interface DisconnectMemberArgs {
  channelId: string;
  userId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.disconnect_member`, as `guildhall.voice.disconnectMember`. */
export const disconnectMember = {
  name: 'disconnect_member',
  domain: 'voice',
  method: 'disconnectMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `finish_voice_sfu_change`. */
export interface FinishVoiceSfuChangeArgs {
  sessionId: string;
  /** as it was given out */
  version: number;
  /** why the SFU has not done it, up to 500 characters, for an operator; null: it has */
  error?: string | null | undefined;
}

/** `public.finish_voice_sfu_change`, as `guildhall.voice.finishVoiceSfuChange`. */
export const finishVoiceSfuChange = {
  name: 'finish_voice_sfu_change',
  domain: 'voice',
  method: 'finishVoiceSfuChange',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'scalar',
  args: {
    sessionId: 'p_session_id',
    version: 'p_version',
    error: 'p_error',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    sessionId: z.guid('must be a UUID'),
    version: z.int('must be a whole number'),
    error: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `get_voice`. */
export interface GetVoiceArgs {
  channelId: string;
}

/** `public.get_voice`, as `guildhall.voice.get`. */
export const getVoice = {
  name: 'get_voice',
  domain: 'voice',
  method: 'get',
  volatility: 'stable',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `join_voice`. */
export interface JoinVoiceArgs {
  channelId: string;
  /**
   * an id that the device made for itself; left out: the one device of somebody who has no other
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
}

/** `public.join_voice`, as `guildhall.voice.openSession`. */
export const joinVoice = {
  name: 'join_voice',
  domain: 'voice',
  method: 'openSession',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    deviceId: 'p_device_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    deviceId: z.optional(z.guid('must be a UUID')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `leave_voice`. */
export interface LeaveVoiceArgs {
  channelId: string;
  /**
   * as it was given to `join_voice`
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
  /** this session alone, and none that the device has taken since; left out: whichever it has there */
  sessionId?: string | null | undefined;
}

/** `public.leave_voice`, as `guildhall.voice.closeSession`. */
export const leaveVoice = {
  name: 'leave_voice',
  domain: 'voice',
  method: 'closeSession',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'scalar',
  args: {
    channelId: 'p_channel_id',
    deviceId: 'p_device_id',
    sessionId: 'p_session_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    deviceId: z.optional(z.guid('must be a UUID')),
    sessionId: z.optional(z.nullable(z.guid('must be a UUID'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `list_voice`. */
export interface ListVoiceArgs {
  communityId: string;
}

/** `public.list_voice`, as `guildhall.voice.list`. */
export const listVoice = {
  name: 'list_voice',
  domain: 'voice',
  method: 'list',
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

/** Arguments of `move_member`. */
export interface MoveMemberArgs {
  channelId: string;
  userId: string;
  /** the voice channel that they go to */
  destinationId: string;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.move_member`, as `guildhall.voice.moveMember`. */
export const moveMember = {
  name: 'move_member',
  domain: 'voice',
  method: 'moveMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
    destinationId: 'p_destination_id',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    destinationId: z.guid('must be a UUID'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `mute_member`. */
export interface MuteMemberArgs {
  channelId: string;
  userId: string;
  isMuted: boolean;
  /** up to 512 characters, for the audit log */
  reason?: string | null | undefined;
}

/** `public.mute_member`, as `guildhall.voice.muteMember`. */
export const muteMember = {
  name: 'mute_member',
  domain: 'voice',
  method: 'muteMember',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    userId: 'p_user_id',
    isMuted: 'p_is_muted',
    reason: 'p_reason',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    userId: z.guid('must be a UUID'),
    isMuted: z.boolean('must be true or false'),
    reason: z.optional(z.nullable(z.string('must be a string'))),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `renew_voice`. */
export interface RenewVoiceArgs {
  channelId: string;
  /**
   * as it was given to `join_voice`
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
}

/** `public.renew_voice`, as `guildhall.voice.renewSession`. */
export const renewVoice = {
  name: 'renew_voice',
  domain: 'voice',
  method: 'renewSession',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    deviceId: 'p_device_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    deviceId: z.optional(z.guid('must be a UUID')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `send_voice_signal`. */
export interface SendVoiceSignalArgs {
  channelId: string;
  toUserId: string;
  /** what it is */
  kind: 'offer' | 'answer' | 'ice' | 'renegotiate';
  /** at most 16 KiB; nobody looks into it on the way */
  payload: Record<string, unknown>;
  /** one of their sessions; left out: all that they have in the channel */
  toSessionId?: string | null | undefined;
  /**
   * as it was given to `join_voice`
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
}

/** `public.send_voice_signal`, as `guildhall.voice.sendSignal`. */
export const sendVoiceSignal = {
  name: 'send_voice_signal',
  domain: 'voice',
  method: 'sendSignal',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'void',
  args: {
    channelId: 'p_channel_id',
    toUserId: 'p_to_user_id',
    kind: 'p_kind',
    payload: 'p_payload',
    toSessionId: 'p_to_session_id',
    deviceId: 'p_device_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    toUserId: z.guid('must be a UUID'),
    kind: z.string('must be a string'),
    payload: z.json(),
    toSessionId: z.optional(z.nullable(z.guid('must be a UUID'))),
    deviceId: z.optional(z.guid('must be a UUID')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `set_voice_state`. */
export interface SetVoiceStateArgs {
  channelId: string;
  isSelfMuted?: boolean | null | undefined;
  isSelfDeafened?: boolean | null | undefined;
  /**
   * as it was given to `join_voice`
   *
   * Default: '00000000-0000-0000-0000-000000000000'.
   */
  deviceId?: string | undefined;
}

/** `public.set_voice_state`, as `guildhall.voice.setState`. */
export const setVoiceState = {
  name: 'set_voice_state',
  domain: 'voice',
  method: 'setState',
  volatility: 'volatile',
  idempotentBy: 'always',
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    isSelfMuted: 'p_is_self_muted',
    isSelfDeafened: 'p_is_self_deafened',
    deviceId: 'p_device_id',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    isSelfMuted: z.optional(z.nullable(z.boolean('must be true or false'))),
    isSelfDeafened: z.optional(z.nullable(z.boolean('must be true or false'))),
    deviceId: z.optional(z.guid('must be a UUID')),
  }))(),
} as const satisfies FunctionDescriptor;

/** Arguments of `update_voice_channel`. */
export interface UpdateVoiceChannelArgs {
  channelId: string;
  /** `mesh`: everybody sends to everybody; `sfu`: a LiveKit server passes it on, which the project has to have */
  transport?: string | null | undefined;
  /** how many devices may be in it: 1 to 16 in a mesh, 1 to 500 with an SFU; who is in it stays */
  maxParticipants?: number | null | undefined;
}

/** `public.update_voice_channel`, as `guildhall.voice.updateChannel`. */
export const updateVoiceChannel = {
  name: 'update_voice_channel',
  domain: 'voice',
  method: 'updateChannel',
  volatility: 'volatile',
  idempotentBy: null,
  returns: 'row',
  args: {
    channelId: 'p_channel_id',
    transport: 'p_transport',
    maxParticipants: 'p_max_participants',
  },
  argsSchema: /* @__PURE__ */ (() => z.strictObject({
    channelId: z.guid('must be a UUID'),
    transport: z.optional(z.nullable(z.string('must be a string'))),
    maxParticipants: z.optional(z.nullable(z.int('must be a whole number from -2147483648 to 2147483647').check(z.gte(-2147483648, 'must be a whole number from -2147483648 to 2147483647'), z.lte(2147483647, 'must be a whole number from -2147483648 to 2147483647')))),
  }))(),
} as const satisfies FunctionDescriptor;
