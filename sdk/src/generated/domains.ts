// Generated from supabase/contract.json by npm run generate; do not edit.

import type { Call, CallOptions } from '../call.ts';
import type {
  AcceptFriendRequestArgs,
  ActOnReportArgs,
  AddDirectMemberArgs,
  AddReactionArgs,
  AddThreadMemberArgs,
  AssignReportArgs,
  AuthorizeVoiceArgs,
  AuthorizeVoiceResult,
  AuthorizeVoiceTokenArgs,
  AuthorizeVoiceTokenResult,
  BanMemberArgs,
  BlockUserArgs,
  CanSendInChannelArgs,
  CanViewChannelArgs,
  CancelFriendRequestArgs,
  ClaimAttachmentRemovalsArgs,
  ClaimDataExportResult,
  ClaimExportRemovalsArgs,
  ClaimLinkPreviewsArgs,
  ClaimLinkPreviewsResult,
  ClaimVoiceSfuChangesArgs,
  ClaimVoiceSfuChangesResult,
  ClaimVoiceSfuRoomsArgs,
  ClearChannelGroupOverwriteArgs,
  ClearChannelOverwriteArgs,
  ClearReactionsArgs,
  CompareVoiceSfuRoomArgs,
  CreateChannelArgs,
  CreateChannelGroupArgs,
  CreateCommunityArgs,
  CreateInviteArgs,
  CreateRoleArgs,
  CreateThreadArgs,
  DeclineFriendRequestArgs,
  DeleteChannelArgs,
  DeleteChannelGroupArgs,
  DeleteCommunityArgs,
  DeleteMessageArgs,
  DeleteMessagesArgs,
  DeleteMyAccountArgs,
  DeleteMyAccountResult,
  DeleteRoleArgs,
  DeleteThreadArgs,
  DisconnectMemberArgs,
  DismissReportArgs,
  EditMessageArgs,
  EnsureChatThreadArgs,
  ExplainPermissionArgs,
  ExplainPermissionResult,
  ExportPageArgs,
  ExportPageResult,
  FetchChatHistoryArgs,
  FetchSocialMessagesArgs,
  FinishDataExportArgs,
  FinishVoiceSfuChangeArgs,
  GetDirectArgs,
  GetMessageArgs,
  GetReportArgs,
  GetReportResult,
  GetThreadArgs,
  GetVoiceArgs,
  GrantRoleArgs,
  GrantStaffRoleArgs,
  InsertChatMessageArgs,
  InsertSocialMessageArgs,
  JoinThreadArgs,
  JoinVoiceArgs,
  KickMemberArgs,
  LeaveCommunityArgs,
  LeaveDirectGroupArgs,
  LeaveThreadArgs,
  LeaveVoiceArgs,
  LinkExternalIdentityArgs,
  ListAuditLogArgs,
  ListBansArgs,
  ListBlocksArgs,
  ListCallRatesArgs,
  ListChannelGroupOverwritesArgs,
  ListChannelGroupsArgs,
  ListChannelOverwritesArgs,
  ListChannelsArgs,
  ListDirectArgs,
  ListFriendRequestsArgs,
  ListFriendsArgs,
  ListInvitesArgs,
  ListMembersArgs,
  ListMessageEditsArgs,
  ListMessagesArgs,
  ListPinsArgs,
  ListReactionsArgs,
  ListReportsArgs,
  ListRolesArgs,
  ListThreadMembersArgs,
  ListThreadsArgs,
  ListTopicsArgs,
  ListTopicsResult,
  ListUnreadArgs,
  ListVoiceArgs,
  MarkReadArgs,
  MoveChannelArgs,
  MoveChannelGroupArgs,
  MoveMemberArgs,
  MoveRoleArgs,
  MuteMemberArgs,
  MyDataExportResult,
  MyPermissionsArgs,
  MyReportsArgs,
  MyStaffRoleResult,
  NoteReportArgs,
  OpenDirectArgs,
  OpenGroupArgs,
  PinMessageArgs,
  PlatformHealthResult,
  PreviewAsRoleArgs,
  PreviewAsRoleResult,
  PreviewInviteArgs,
  PreviewInviteResult,
  RecordCallsArgs,
  RedeemInviteArgs,
  RedeemInviteResult,
  RemoveDirectMemberArgs,
  RemoveFriendArgs,
  RemoveReactionArgs,
  RemoveThreadMemberArgs,
  RenameDirectGroupArgs,
  RenewVoiceArgs,
  ReopenReportArgs,
  ReportCommunityArgs,
  ReportMessageArgs,
  ReportUserArgs,
  RequestFriendArgs,
  RequestFriendResult,
  ResolveReportArgs,
  RevokeInviteArgs,
  RevokeRoleArgs,
  RevokeStaffRoleArgs,
  SearchMessagesArgs,
  SendMessageArgs,
  SendVoiceSignalArgs,
  SetChannelGroupOverwriteArgs,
  SetChannelOverwriteArgs,
  SetMemberRolesArgs,
  SetRolePermissionsArgs,
  SetVoiceStateArgs,
  StartTypingArgs,
  StoreLinkPreviewArgs,
  SyncChannelArgs,
  SyncChannelResult,
  SyncChannelWithGroupArgs,
  TimeoutMemberArgs,
  TransferOwnershipArgs,
  UnbanMemberArgs,
  UnblockUserArgs,
  UnlinkExternalIdentityArgs,
  UnpinMessageArgs,
  UpdateChannelArgs,
  UpdateChannelGroupArgs,
  UpdateCommunityArgs,
  UpdateMyMembershipArgs,
  UpdateMyPreferencesArgs,
  UpdateRoleArgs,
  UpdateThreadArgs,
  UpdateVoiceChannelArgs,
  UserHasPermissionArgs,
  VerifyAuditChainArgs,
  VerifyAuditChainResult,
} from './functions.ts';
import {
  acceptFriendRequest,
  actOnReport,
  addDirectMember,
  addReaction,
  addThreadMember,
  assignReport,
  authorizeVoice,
  authorizeVoiceToken,
  banMember,
  blockUser,
  canSendInChannel,
  canViewChannel,
  cancelFriendRequest,
  claimAttachmentRemovals,
  claimDataExport,
  claimExportRemovals,
  claimLinkPreviews,
  claimVoiceSfuChanges,
  claimVoiceSfuRooms,
  clearChannelGroupOverwrite,
  clearChannelOverwrite,
  clearReactions,
  compareVoiceSfuRoom,
  createChannel,
  createChannelGroup,
  createCommunity,
  createInvite,
  createRole,
  createThread,
  declineFriendRequest,
  deleteChannel,
  deleteChannelGroup,
  deleteCommunity,
  deleteMessage,
  deleteMessages,
  deleteMyAccount,
  deleteRole,
  deleteThread,
  disconnectMember,
  dismissReport,
  editMessage,
  ensureChatThread,
  explainPermission,
  exportMyData,
  exportPage,
  fetchChatHistory,
  fetchSocialMessages,
  finishDataExport,
  finishVoiceSfuChange,
  getDirect,
  getMessage,
  getReport,
  getThread,
  getVoice,
  grantRole,
  grantStaffRole,
  insertChatMessage,
  insertSocialMessage,
  joinThread,
  joinVoice,
  kickMember,
  leaveCommunity,
  leaveDirectGroup,
  leaveThread,
  leaveVoice,
  linkExternalIdentity,
  listAuditLog,
  listBans,
  listBlocks,
  listCallRates,
  listChannelGroupOverwrites,
  listChannelGroups,
  listChannelOverwrites,
  listChannels,
  listDirect,
  listFriendRequests,
  listFriends,
  listInvites,
  listMembers,
  listMessageEdits,
  listMessages,
  listPins,
  listReactions,
  listReports,
  listRoles,
  listStaff,
  listThreadMembers,
  listThreads,
  listTopics,
  listUnread,
  listVoice,
  markRead,
  moveChannel,
  moveChannelGroup,
  moveMember,
  moveRole,
  muteMember,
  myCommunities,
  myDataExport,
  myPermissions,
  myPreferences,
  myProfile,
  myReports,
  myStaffRole,
  noteReport,
  openDirect,
  openGroup,
  pinMessage,
  platformHealth,
  previewAsRole,
  previewInvite,
  recordCalls,
  redeemInvite,
  removeDirectMember,
  removeFriend,
  removeReaction,
  removeThreadMember,
  renameDirectGroup,
  renewVoice,
  reopenReport,
  reportCommunity,
  reportMessage,
  reportUser,
  requestFriend,
  resolveReport,
  revokeInvite,
  revokeRole,
  revokeStaffRole,
  searchMessages,
  sendMessage,
  sendVoiceSignal,
  setChannelGroupOverwrite,
  setChannelOverwrite,
  setMemberRoles,
  setRolePermissions,
  setVoiceState,
  startTyping,
  storeLinkPreview,
  syncChannel,
  syncChannelWithGroup,
  timeoutMember,
  transferOwnership,
  unbanMember,
  unblockUser,
  unlinkExternalIdentity,
  unpinMessage,
  updateChannel,
  updateChannelGroup,
  updateCommunity,
  updateMyMembership,
  updateMyPreferences,
  updateRole,
  updateThread,
  updateVoiceChannel,
  userHasPermission,
  verifyAuditChain,
} from './functions.ts';
import type { AuditLog, Ban, BlockedUser, CallRate, Channel, ChannelGroup, ChatMessage, ChatThread, Community, DataExport, DescribedMessage, DescribedRole, DirectChannel, Friend, FriendRequest, Invite, Member, MessageEdit, MyReport, Overwrite, Preference, Profile, Reaction, Report, SocialMessage, StaffMember, Thread, ThreadMember, UnreadChannel, VoiceRoom, VoiceSession } from './rows.ts';

/** The domain `platform`: `guildhall.platform`. */
export interface PlatformDomain {
  /**
   * Returns how every function that was called did in the last hours: rate, failures by code, latencies and error budget. Servers' first, and
   * of those what fails most. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  listCallRates(args?: ListCallRatesArgs, options?: CallOptions): Promise<CallRate[]>;

  /**
   * Says whether the backend works behind its API: `{"status": "ok" | "degraded", "problems": [name, …]}`.
   * Problems: `realtime_partition_missing` (live messages are lost until a client connects to Realtime),
   * `broadcasts_lost_in_the_last_hour`, `jobs_not_scheduled` (one of them is missing, changed or switched off),
   * `jobs_failing` (one of them failed in the last hour). Needs the secret key.
   *
   * For the role service_role only.
   */
  health(options?: CallOptions): Promise<PlatformHealthResult>;

  /**
   * Records what became of calls: for adapters, after the calls. Whoever has the publishable key may call it; what the secret key records
   * counts as the server's.
   * A record that cannot be kept (a function that the database does not know, a value out of its bounds) is counted as function `unknown`,
   * and the others are kept.
   *
   * With a `batchId`, repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `rate_limited`
   */
  recordCalls(args: RecordCallsArgs, options?: CallOptions): Promise<void>;
}

export function platformDomain(call: Call): PlatformDomain {
  return {
    listCallRates: (args, options) => call<CallRate[]>(listCallRates, args, options),
    health: (options) => call<PlatformHealthResult>(platformHealth, {}, options),
    recordCalls: (args, options) => call<void>(recordCalls, args, options),
  };
}

/** The domain `identity`: `guildhall.identity`. */
export interface IdentityDomain {
  /**
   * Takes up somebody's friend request: both are friends.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `limit_reached`, `not_found`, `rate_limited`, `session_required`
   */
  acceptFriendRequest(args: AcceptFriendRequestArgs, options?: CallOptions): Promise<void>;

  /**
   * Blocks somebody: the caller's lists leave them out, and the caller hears nothing of what they do. They cannot tell.
   * Friendship and requests stay as they are, and are shown again after `unblock_user`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  blockUser(args: BlockUserArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes the caller's own friend request back.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  cancelFriendRequest(args: CancelFriendRequestArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns an export that is to be made, or null. It is the caller's for ten minutes: read each section with `export_page`, put the file at `path` in
   * the bucket `exports`, and say so with `finish_data_export`. Needs the secret key.
   *
   * For the role service_role only.
   */
  claimDataExport(options?: CallOptions): Promise<ClaimDataExportResult>;

  /**
   * Returns the paths, in the bucket `exports`, of files that nobody may read any more. Whoever asks removes them through the Storage API; what is
   * still there after 10 minutes comes again. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  claimExportRemovals(args?: ClaimExportRemovalsArgs, options?: CallOptions): Promise<string[]>;

  /**
   * Removes somebody's friend request to the caller.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  declineFriendRequest(args: DeclineFriendRequestArgs, options?: CallOptions): Promise<void>;

  /**
   * Ends the caller's account, for good: memberships, friendships, blocks and requests are gone when this returns, and no function takes the
   * caller's tokens any more (`session_required`). The messages follow in batches, and with the last of them the account itself. Asks for a session that
   * began within the last ten minutes, so sign in again right before (`recent_sign_in_required`, with `max_age` in seconds). Communities that
   * the caller owns must be handed over or deleted before (`conflict`, with `communities`, the ids of up to 20, and their `count`); direct
   * groups pass to who has been there longest. Where so much is going on that there is no moment for it: `conflict`, too; try again then.
   *
   * @returns nothing
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `rate_limited`, `recent_sign_in_required`, `session_required`
   */
  deleteMyAccount(args: DeleteMyAccountArgs, options?: CallOptions): Promise<DeleteMyAccountResult>;

  /**
   * Asks for a file with all that is kept about the caller, and nothing that others wrote; where one is being made, returns that. It is made
   * within minutes: `data_export_changed` comes on `user:<id>`, and `my_data_export` says where it lies, for seven days.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `rate_limited`, `session_required`
   */
  exportMyData(options?: CallOptions): Promise<DataExport>;

  /**
   * Returns a page of one section of an export that is being made. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @returns `next` null: there is no more
   * @throws {GuildhallError} `invalid_argument`, `not_found`
   */
  exportPage(args: ExportPageArgs, options?: CallOptions): Promise<ExportPageResult>;

  /**
   * Says that an export lies in the bucket, or what stood in its way; then it is tried again, three times in all. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`
   */
  finishDataExport(args: FinishDataExportArgs, options?: CallOptions): Promise<void>;

  /**
   * Says who a user is in another system. One id is one user's there, and a user has one: `conflict`, until `unlink_external_identity`.
   * Needs the secret key: whoever may call it decides who is who.
   *
   * Repeating it is harmless.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `not_found`
   */
  linkExternalIdentity(args: LinkExternalIdentityArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns a page of those whom the caller has blocked, the newest first.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  listBlocks(args?: ListBlocksArgs, options?: CallOptions): Promise<BlockedUser[]>;

  /**
   * Returns a page of the friend requests from and to the caller, the newest first.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  listFriendRequests(args?: ListFriendRequestsArgs, options?: CallOptions): Promise<FriendRequest[]>;

  /**
   * Returns a page of the caller's friends, the newest first.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  listFriends(args?: ListFriendsArgs, options?: CallOptions): Promise<Friend[]>;

  /**
   * Returns the caller's last export, or null where there was none.
   *
   * @throws {GuildhallError} `session_required`
   */
  myDataExport(options?: CallOptions): Promise<MyDataExportResult>;

  /**
   * Returns what the caller has chosen, or what holds without a choice.
   *
   * @throws {GuildhallError} `session_required`
   */
  myPreferences(options?: CallOptions): Promise<Preference>;

  /**
   * Returns the caller's own profile.
   *
   * @throws {GuildhallError} `session_required`
   */
  myProfile(options?: CallOptions): Promise<Profile>;

  /**
   * Ends a friendship, for both.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  removeFriend(args: RemoveFriendArgs, options?: CallOptions): Promise<void>;

  /**
   * Asks somebody to be the caller's friend, named by id or by username. If they have asked already, both are friends at once.
   * Somebody has at most 1,000 friends, and 100 requests of their own that wait. A username that nobody has counts towards the limit, too:
   * through the Data API its refusal is an error like any other; in SQL it is returned as that error's JSON, so that the try stays counted.
   *
   * Repeating it is harmless.
   *
   * @returns what stands between them now
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `limit_reached`, `not_found`, `rate_limited`, `session_required`
   */
  requestFriend(args?: RequestFriendArgs, options?: CallOptions): Promise<RequestFriendResult>;

  /**
   * Ends a block: the caller sees friendship and requests as they are by now.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  unblockUser(args: UnblockUserArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes a user's id in another system away, whichever it is; nothing happens where there is none. What they wrote stays theirs. Chats
   * with them are not shown by external ids any more. Should the id become somebody else's, their chats are not told live for 4 days.
   * Needs the secret key.
   *
   * Repeating it is harmless.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  unlinkExternalIdentity(args: UnlinkExternalIdentityArgs, options?: CallOptions): Promise<void>;

  /**
   * Changes what the caller has chosen, and returns all of it. What is left out stays.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `rate_limited`, `session_required`
   */
  updateMyPreferences(args?: UpdateMyPreferencesArgs, options?: CallOptions): Promise<Preference>;
}

export function identityDomain(call: Call): IdentityDomain {
  return {
    acceptFriendRequest: (args, options) => call<void>(acceptFriendRequest, args, options),
    blockUser: (args, options) => call<void>(blockUser, args, options),
    cancelFriendRequest: (args, options) => call<void>(cancelFriendRequest, args, options),
    claimDataExport: (options) => call<ClaimDataExportResult>(claimDataExport, {}, options),
    claimExportRemovals: (args, options) => call<string[]>(claimExportRemovals, args, options),
    declineFriendRequest: (args, options) => call<void>(declineFriendRequest, args, options),
    deleteMyAccount: (args, options) => call<DeleteMyAccountResult>(deleteMyAccount, args, options),
    exportMyData: (options) => call<DataExport>(exportMyData, {}, options),
    exportPage: (args, options) => call<ExportPageResult>(exportPage, args, options),
    finishDataExport: (args, options) => call<void>(finishDataExport, args, options),
    linkExternalIdentity: (args, options) => call<void>(linkExternalIdentity, args, options),
    listBlocks: (args, options) => call<BlockedUser[]>(listBlocks, args, options),
    listFriendRequests: (args, options) => call<FriendRequest[]>(listFriendRequests, args, options),
    listFriends: (args, options) => call<Friend[]>(listFriends, args, options),
    myDataExport: (options) => call<MyDataExportResult>(myDataExport, {}, options),
    myPreferences: (options) => call<Preference>(myPreferences, {}, options),
    myProfile: (options) => call<Profile>(myProfile, {}, options),
    removeFriend: (args, options) => call<void>(removeFriend, args, options),
    requestFriend: (args, options) => call<RequestFriendResult>(requestFriend, args, options),
    unblockUser: (args, options) => call<void>(unblockUser, args, options),
    unlinkExternalIdentity: (args, options) => call<void>(unlinkExternalIdentity, args, options),
    updateMyPreferences: (args, options) => call<Preference>(updateMyPreferences, args, options),
  };
}

/** The domain `access`: `guildhall.access`. */
export interface AccessDomain {
  /**
   * Says whether the caller may send messages in a channel at this moment. False also where there is no such channel.
   *
   * @throws {GuildhallError} `session_required`
   */
  canSendInChannel(args: CanSendInChannelArgs, options?: CallOptions): Promise<boolean>;

  /**
   * Says whether the caller may view a channel at this moment. False also where there is no such channel.
   *
   * @throws {GuildhallError} `session_required`
   */
  canViewChannel(args: CanViewChannelArgs, options?: CallOptions): Promise<boolean>;

  /**
   * Says why a member holds a permission in a channel or not: every tier that speaks, in the order of the rule, and the one
   * that decides, which is the last; null where none speaks, and then it is not granted. About oneself, or about others
   * with `manage_roles` in the channel.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  explainPermission(args: ExplainPermissionArgs, options?: CallOptions): Promise<ExplainPermissionResult>;

  /**
   * Returns the keys of the permissions the caller holds at this moment, a timeout counted in.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  myPermissions(args: MyPermissionsArgs, options?: CallOptions): Promise<string[]>;

  /**
   * Returns what a member would hold who has this role and no other beside the default role: in the community, and in each
   * channel that the caller may view (an empty list of permissions: such a member would not see it). Needs `manage_roles`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  previewAsRole(args: PreviewAsRoleArgs, options?: CallOptions): Promise<PreviewAsRoleResult>;

  /**
   * Says whether the caller holds a permission in the community as a whole, at this moment. False without membership.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  userHasPermission(args: UserHasPermissionArgs, options?: CallOptions): Promise<boolean>;
}

export function accessDomain(call: Call): AccessDomain {
  return {
    canSendInChannel: (args, options) => call<boolean>(canSendInChannel, args, options),
    canViewChannel: (args, options) => call<boolean>(canViewChannel, args, options),
    explainPermission: (args, options) => call<ExplainPermissionResult>(explainPermission, args, options),
    myPermissions: (args, options) => call<string[]>(myPermissions, args, options),
    previewAsRole: (args, options) => call<PreviewAsRoleResult>(previewAsRole, args, options),
    userHasPermission: (args, options) => call<boolean>(userHasPermission, args, options),
  };
}

/** The domain `communities`: `guildhall.communities`. */
export interface CommunitiesDomain {
  /**
   * Bans a user: a member below the caller, or somebody who is no member (any more). Ends the membership, deletes their invites,
   * and keeps them from joining. Needs `ban_members`. Banning again replaces the ban; what the
   * bans before have hidden stays hidden.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  banMember(args: BanMemberArgs, options?: CallOptions): Promise<Ban>;

  /**
   * Removes what a group, and each channel synced with it, says to a role or a member below the caller. Needs what setting it
   * needs.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  clearChannelGroupOverwrite(args: ClearChannelGroupOverwriteArgs, options?: CallOptions): Promise<void>;

  /**
   * Removes what a channel says to a role or a member below the caller. Ends the channel's sync with its group. Needs
   * `manage_roles` in the channel, and there each permission that the overwrite allowed or denied.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  clearChannelOverwrite(args: ClearChannelOverwriteArgs, options?: CallOptions): Promise<void>;

  /**
   * Creates a channel at the end of its group, synced with it: with the group's overwrites. Needs `manage_channels`. A community
   * has at most 500 channels.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createChannel(args: CreateChannelArgs, options?: CallOptions): Promise<Channel>;

  /**
   * Creates a group of channels at the end of the community's list. Needs `manage_channels`. There are at most
   * 100.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createChannelGroup(args: CreateChannelGroupArgs, options?: CallOptions): Promise<ChannelGroup>;

  /**
   * Creates a community owned by the caller, with its default role `everyone`, a group and a text channel `general`.
   *
   * @throws {GuildhallError} `invalid_argument`, `rate_limited`, `session_required`
   */
  create(args: CreateCommunityArgs, options?: CallOptions): Promise<Community>;

  /**
   * Creates an invite and returns it with its `code`. Needs `create_invite`, and to grant roles with it `manage_roles`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  createInvite(args: CreateInviteArgs, options?: CallOptions): Promise<Invite>;

  /**
   * Creates a role right above the default role. Needs `manage_roles`, and each permission that it gives. A
   * community has at most 250 roles.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  createRole(args: CreateRoleArgs, options?: CallOptions): Promise<DescribedRole>;

  /**
   * Deletes a channel with everything in it. Needs `manage_channels` in it. Nobody reads its messages from then on; they are
   * removed from the disk in the minutes after.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  deleteChannel(args: DeleteChannelArgs, options?: CallOptions): Promise<void>;

  /**
   * Deletes a group. Its channels stay, with their overwrites, after those without a group. Needs `manage_channels`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  deleteChannelGroup(args: DeleteChannelGroupArgs, options?: CallOptions): Promise<void>;

  /**
   * Deletes a community with everything in it, for good. Only the owner may. The audit log stays.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`
   */
  delete(args: DeleteCommunityArgs, options?: CallOptions): Promise<void>;

  /**
   * Deletes a role below the caller's own; its holders lose it and its overwrites go. Needs `manage_roles`, and each
   * permission that its overwrites deny. The default role cannot be deleted.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  deleteRole(args: DeleteRoleArgs, options?: CallOptions): Promise<void>;

  /**
   * Grants a role below the caller's own to a member below the caller. Needs `manage_roles`, and everything the role gives, in
   * the community and in single channels. The owner may grant roles to themself.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  grantRole(args: GrantRoleArgs, options?: CallOptions): Promise<void>;

  /**
   * Ends the membership of a member below the caller, who may come back by an invite, also by one of their own: to keep
   * somebody out is what `ban_member` is for. Needs `kick_members`. What stays and what goes: see `leave_community`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  kickMember(args: KickMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Ends the caller's membership, and with it roles and what channels allow the caller personally. Timeouts and what channels
   * deny stay, and hold again on coming back. The owner cannot leave.
   *
   * @throws {GuildhallError} `conflict`, `not_found`, `rate_limited`, `session_required`
   */
  leave(args: LeaveCommunityArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns a page of a community's audit log, the newest first. Needs `view_audit_log`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listAuditLog(args: ListAuditLogArgs, options?: CallOptions): Promise<AuditLog[]>;

  /**
   * Returns a page of the bans that hold, the newest first. Needs `ban_members`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listBans(args: ListBansArgs, options?: CallOptions): Promise<Ban[]>;

  /**
   * Returns what a group allows and denies, roles first. Needs `manage_roles`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listChannelGroupOverwrites(args: ListChannelGroupOverwritesArgs, options?: CallOptions): Promise<Overwrite[]>;

  /**
   * Returns the groups of a community in the order they are shown.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listChannelGroups(args: ListChannelGroupsArgs, options?: CallOptions): Promise<ChannelGroup[]>;

  /**
   * Returns what a channel allows and denies, roles first. Needs `manage_roles` in the channel.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listChannelOverwrites(args: ListChannelOverwritesArgs, options?: CallOptions): Promise<Overwrite[]>;

  /**
   * Returns the channels of a community that the caller may view, in the order they are shown: those without a group
   * first, then group by group.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listChannels(args: ListChannelsArgs, options?: CallOptions): Promise<Channel[]>;

  /**
   * Returns a page of the invites by which people can join now, the newest first, with their codes. Needs `manage_invites`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listInvites(args: ListInvitesArgs, options?: CallOptions): Promise<Invite[]>;

  /**
   * Returns a page of a community's members in the order of their shown names.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `session_required`
   */
  listMembers(args: ListMembersArgs, options?: CallOptions): Promise<Member[]>;

  /**
   * Returns the roles of a community with their permissions, the strongest first and the default role last.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listRoles(args: ListRolesArgs, options?: CallOptions): Promise<DescribedRole[]>;

  /**
   * Moves a channel to a place in a group; the others make room. Its overwrites stay as they are, and another group ends the
   * sync. Needs `manage_channels`, in the channel and in the community.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  moveChannel(args: MoveChannelArgs, options?: CallOptions): Promise<void>;

  /**
   * Moves a group of channels to another place; the others make room. Needs `manage_channels`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  moveChannelGroup(args: MoveChannelGroupArgs, options?: CallOptions): Promise<void>;

  /**
   * Moves a role to another place in the hierarchy; those between move by one. Needs `manage_roles`; both places are below
   * the caller's highest role.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  moveRole(args: MoveRoleArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns the communities the caller is a member of, in the order of joining.
   *
   * @throws {GuildhallError} `session_required`
   */
  mine(options?: CallOptions): Promise<Community[]>;

  /**
   * Returns what an invite leads to, without joining. `members` counts up to 1,000.
   * Every try counts towards the limit, also a refused one.
   *
   * @throws {GuildhallError} `expired`, `not_found`, `rate_limited`, `session_required`
   */
  previewInvite(args: PreviewInviteArgs, options?: CallOptions): Promise<PreviewInviteResult>;

  /**
   * Joins the community the code belongs to and returns it. Whoever already is a member gets it back and uses nothing up.
   * Every try counts towards the limit, also a refused one. Through the Data API a refusal is an error like any other; in SQL
   * it is returned as that error's JSON, so that the try stays counted.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `banned`, `expired`, `not_found`, `rate_limited`, `session_required`
   */
  redeemInvite(args: RedeemInviteArgs, options?: CallOptions): Promise<RedeemInviteResult>;

  /**
   * Ends an invite: nobody joins by it any more. One's own, or any with `manage_invites`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  revokeInvite(args: RevokeInviteArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes a role below the caller's own from a member below the caller. Needs `manage_roles`, and each permission that the
   * role's overwrites deny and that so comes back. The owner may take roles from themself.
   *
   * @throws {GuildhallError} `conflict`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  revokeRole(args: RevokeRoleArgs, options?: CallOptions): Promise<void>;

  /**
   * Sets what a group, and each channel synced with it, allows and denies a role or a member below the caller; with both lists
   * empty the overwrite is gone. Needs `manage_roles`, and each permission whose value changes, held in all those channels.
   * A group has at most 250 overwrites.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  setChannelGroupOverwrite(args: SetChannelGroupOverwriteArgs, options?: CallOptions): Promise<void>;

  /**
   * Sets what a channel allows and denies a role or a member below the caller; with both lists empty the overwrite is gone.
   * Ends the channel's sync with its group. Needs `manage_roles` in the channel, and there each permission whose value changes.
   * A channel has at most 250 overwrites.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  setChannelOverwrite(args: SetChannelOverwriteArgs, options?: CallOptions): Promise<void>;

  /**
   * Sets all roles of a member at once: those missing are granted, the others revoked, or nothing happens. Needs what
   * `grant_role` and `revoke_role` need for the roles that change.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  setMemberRoles(args: SetMemberRolesArgs, options?: CallOptions): Promise<void>;

  /**
   * Replaces the permissions of a role below the caller's own. Needs `manage_roles`, and each permission whose value changes.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  setRolePermissions(args: SetRolePermissionsArgs, options?: CallOptions): Promise<DescribedRole>;

  /**
   * Replaces a channel's overwrites by those of its group, and has it follow the group from now on. Needs `manage_roles` in the
   * channel, and there each permission whose value changes; every role and member concerned is below the caller.
   *
   * @throws {GuildhallError} `conflict`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  syncChannelWithGroup(args: SyncChannelWithGroupArgs, options?: CallOptions): Promise<void>;

  /**
   * Times a member below the caller out, or ends their timeout: until then they may only look and read, also after leaving and coming back. Needs
   * `timeout_members`. Administrators are exempt: `role_hierarchy`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  timeoutMember(args: TimeoutMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Hands a community over to another member. Only the owner may, and stays a member with the roles held beside.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`
   */
  transferOwnership(args: TransferOwnershipArgs, options?: CallOptions): Promise<Community>;

  /**
   * Ends a ban: the user may join again. Needs `ban_members`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  unbanMember(args: UnbanMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Changes a channel; what is left out stays. A new name is told in the channel. Needs `manage_channels` in it.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  updateChannel(args: UpdateChannelArgs, options?: CallOptions): Promise<Channel>;

  /**
   * Renames a group of channels. Needs `manage_channels`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  updateChannelGroup(args: UpdateChannelGroupArgs, options?: CallOptions): Promise<ChannelGroup>;

  /**
   * Renames a community. Needs `manage_community`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  update(args: UpdateCommunityArgs, options?: CallOptions): Promise<Community>;

  /**
   * Sets the name the caller is shown by in a community.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  updateMyMembership(args: UpdateMyMembershipArgs, options?: CallOptions): Promise<void>;

  /**
   * Changes a role below the caller's own; what is left out stays. Needs `manage_roles`, and each permission whose value
   * changes.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  updateRole(args: UpdateRoleArgs, options?: CallOptions): Promise<DescribedRole>;

  /**
   * Says whether a community's audit log is as it was written: every row unchanged, none missing, none cut off. Reads the whole
   * log. Needs `view_audit_log`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  verifyAuditChain(args: VerifyAuditChainArgs, options?: CallOptions): Promise<VerifyAuditChainResult>;
}

export function communitiesDomain(call: Call): CommunitiesDomain {
  return {
    banMember: (args, options) => call<Ban>(banMember, args, options),
    clearChannelGroupOverwrite: (args, options) => call<void>(clearChannelGroupOverwrite, args, options),
    clearChannelOverwrite: (args, options) => call<void>(clearChannelOverwrite, args, options),
    createChannel: (args, options) => call<Channel>(createChannel, args, options),
    createChannelGroup: (args, options) => call<ChannelGroup>(createChannelGroup, args, options),
    create: (args, options) => call<Community>(createCommunity, args, options),
    createInvite: (args, options) => call<Invite>(createInvite, args, options),
    createRole: (args, options) => call<DescribedRole>(createRole, args, options),
    deleteChannel: (args, options) => call<void>(deleteChannel, args, options),
    deleteChannelGroup: (args, options) => call<void>(deleteChannelGroup, args, options),
    delete: (args, options) => call<void>(deleteCommunity, args, options),
    deleteRole: (args, options) => call<void>(deleteRole, args, options),
    grantRole: (args, options) => call<void>(grantRole, args, options),
    kickMember: (args, options) => call<void>(kickMember, args, options),
    leave: (args, options) => call<void>(leaveCommunity, args, options),
    listAuditLog: (args, options) => call<AuditLog[]>(listAuditLog, args, options),
    listBans: (args, options) => call<Ban[]>(listBans, args, options),
    listChannelGroupOverwrites: (args, options) => call<Overwrite[]>(listChannelGroupOverwrites, args, options),
    listChannelGroups: (args, options) => call<ChannelGroup[]>(listChannelGroups, args, options),
    listChannelOverwrites: (args, options) => call<Overwrite[]>(listChannelOverwrites, args, options),
    listChannels: (args, options) => call<Channel[]>(listChannels, args, options),
    listInvites: (args, options) => call<Invite[]>(listInvites, args, options),
    listMembers: (args, options) => call<Member[]>(listMembers, args, options),
    listRoles: (args, options) => call<DescribedRole[]>(listRoles, args, options),
    moveChannel: (args, options) => call<void>(moveChannel, args, options),
    moveChannelGroup: (args, options) => call<void>(moveChannelGroup, args, options),
    moveRole: (args, options) => call<void>(moveRole, args, options),
    mine: (options) => call<Community[]>(myCommunities, {}, options),
    previewInvite: (args, options) => call<PreviewInviteResult>(previewInvite, args, options),
    redeemInvite: (args, options) => call<RedeemInviteResult>(redeemInvite, args, options),
    revokeInvite: (args, options) => call<void>(revokeInvite, args, options),
    revokeRole: (args, options) => call<void>(revokeRole, args, options),
    setChannelGroupOverwrite: (args, options) => call<void>(setChannelGroupOverwrite, args, options),
    setChannelOverwrite: (args, options) => call<void>(setChannelOverwrite, args, options),
    setMemberRoles: (args, options) => call<void>(setMemberRoles, args, options),
    setRolePermissions: (args, options) => call<DescribedRole>(setRolePermissions, args, options),
    syncChannelWithGroup: (args, options) => call<void>(syncChannelWithGroup, args, options),
    timeoutMember: (args, options) => call<void>(timeoutMember, args, options),
    transferOwnership: (args, options) => call<Community>(transferOwnership, args, options),
    unbanMember: (args, options) => call<void>(unbanMember, args, options),
    updateChannel: (args, options) => call<Channel>(updateChannel, args, options),
    updateChannelGroup: (args, options) => call<ChannelGroup>(updateChannelGroup, args, options),
    update: (args, options) => call<Community>(updateCommunity, args, options),
    updateMyMembership: (args, options) => call<void>(updateMyMembership, args, options),
    updateRole: (args, options) => call<DescribedRole>(updateRole, args, options),
    verifyAuditChain: (args, options) => call<VerifyAuditChainResult>(verifyAuditChain, args, options),
  };
}

/** The domain `messages`: `guildhall.messages`. */
export interface MessagesDomain {
  /**
   * Reacts to a message. Twice with the same is once. A message has at most 20 different reactions. Needs `add_reactions`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  addReaction(args: AddReactionArgs, options?: CallOptions): Promise<void>;

  /**
   * Lets another member see a private thread. They hear of it on their devices. Needs the right to write in the thread.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  addThreadMember(args: AddThreadMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns the paths, in the bucket `attachments`, of files that nobody may read any more: not sent within 24 hours, expired, or of
   * a message that is gone. Whoever asks removes them through the Storage API; what is still there after 10 minutes comes again.
   * Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  claimAttachmentRemovals(args?: ClaimAttachmentRemovalsArgs, options?: CallOptions): Promise<string[]>;

  /**
   * Returns links of messages that wait for their preview. They are the caller's for a minute, to be answered with
   * `store_link_preview`; afterwards they are given out again, three times in all. Where `is_known`, the link was looked at within the
   * last hour and `preview` is what it showed. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  claimLinkPreviews(args?: ClaimLinkPreviewsArgs, options?: CallOptions): Promise<ClaimLinkPreviewsResult>;

  /**
   * Takes everybody's reactions from a message. Needs `manage_messages`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  clearReactions(args: ClearReactionsArgs, options?: CallOptions): Promise<void>;

  /**
   * Opens a thread in a text channel and returns it; the caller follows it. Needs `create_threads`; a public one on no
   * message of somebody's also `send_messages`, and it counts in slow mode.
   * Its `id` is used as a channel's. It has the rights of its channel, with `send_in_threads` in place of `send_messages`. A public thread
   * hangs on a message, which shows it in `thread`: the one that is named, or one that the server writes. A private one is
   * seen by its members (see `add_thread_member`) and by those with `manage_threads`.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `slow_mode`, `timed_out`
   */
  createThread(args: CreateThreadArgs, options?: CallOptions): Promise<Thread>;

  /**
   * Deletes one's own message, or with `manage_messages` anybody's. Its number is never given again; what it said is gone from
   * everywhere, also what it said before it was edited.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  delete(args: DeleteMessageArgs, options?: CallOptions): Promise<void>;

  /**
   * Deletes several messages at once: one change of the channel. Those that are gone already are passed over. Needs
   * `manage_messages`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  deleteMany(args: DeleteMessagesArgs, options?: CallOptions): Promise<void>;

  /**
   * Deletes a thread with everything in it. Needs `manage_threads`. Nobody reads its messages from then on; they are removed from the
   * disk in the minutes after.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  deleteThread(args: DeleteThreadArgs, options?: CallOptions): Promise<void>;

  /**
   * Replaces the text of one's own message and returns it. What it said before is kept (see `list_message_edits`). The same text
   * again changes nothing. Needs `send_messages`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `body_too_long`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  edit(args: EditMessageArgs, options?: CallOptions): Promise<DescribedMessage>;

  /**
   * Returns what people wrote in a channel, the newest first. Needs `read_history`. Where more came after `p_since` than the
   * limit lets through, the oldest of them are left out.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`
   */
  fetchSocial(args: FetchSocialMessagesArgs, options?: CallOptions): Promise<SocialMessage[]>;

  /**
   * Returns one message of a channel. Needs `read_history`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`
   */
  get(args: GetMessageArgs, options?: CallOptions): Promise<DescribedMessage>;

  /**
   * Returns a thread as it is now.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  getThread(args: GetThreadArgs, options?: CallOptions): Promise<Thread>;

  /**
   * Sends a message to a channel, as `send_message` does, and returns it. Needs `send_messages`.
   * The same sender and client id give the same message back, for ever, and nothing is sent twice; when it has been deleted
   * meanwhile: `expired`.
   *
   * With a `clientId`, repeating it is harmless.
   *
   * @throws {GuildhallError} `body_too_long`, `expired`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `slow_mode`, `timed_out`
   */
  insertSocial(args: InsertSocialMessageArgs, options?: CallOptions): Promise<SocialMessage>;

  /**
   * Follows a thread: it is in `list_unread` from then on. What was written before counts as read. A private one is joined
   * by those who see it anyway; others are added.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `not_found`, `rate_limited`, `session_required`
   */
  joinThread(args: JoinThreadArgs, options?: CallOptions): Promise<void>;

  /**
   * Stops following a thread. A private one is not seen any more.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `not_found`, `rate_limited`, `session_required`
   */
  leaveThread(args: LeaveThreadArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns what a message said before, the last first: at most the last 100. Needs `manage_messages`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  listMessageEdits(args: ListMessageEditsArgs, options?: CallOptions): Promise<MessageEdit[]>;

  /**
   * Returns a page of a channel's messages, always ascending by `seq`, with all that is shown of them. Needs `read_history`.
   * Without a bound: the newest. At most one bound may be given.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`
   */
  list(args: ListMessagesArgs, options?: CallOptions): Promise<DescribedMessage[]>;

  /**
   * Returns a channel's pinned messages, the last pinned first. Needs `read_history`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `session_required`
   */
  listPins(args: ListPinsArgs, options?: CallOptions): Promise<DescribedMessage[]>;

  /**
   * Returns a page of those who reacted to a message with one emoji, by `user_id`. Needs `read_history`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`
   */
  listReactions(args: ListReactionsArgs, options?: CallOptions): Promise<Reaction[]>;

  /**
   * Returns a page of those who follow a thread, by `user_id`.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `session_required`
   */
  listThreadMembers(args: ListThreadMembersArgs, options?: CallOptions): Promise<ThreadMember[]>;

  /**
   * Returns a page of a channel's threads that the caller sees, the newest first. Needs `read_history`. A page with fewer than
   * `p_limit` is the last.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`
   */
  listThreads(args: ListThreadsArgs, options?: CallOptions): Promise<Thread[]>;

  /**
   * Returns the names of a community's topics for the caller: its structure, and in which channels something is new. They change
   * with access: ask again after every event with `moved`, and after `access_changed`. `activity_topic` is null for the
   * moments in which a temporary role has just ended.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listTopics(args: ListTopicsArgs, options?: CallOptions): Promise<ListTopicsResult>;

  /**
   * Returns the channels, and of their threads the open ones that the caller follows, with messages that the caller has not
   * read, and how many.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  listUnread(args?: ListUnreadArgs, options?: CallOptions): Promise<UnreadChannel[]>;

  /**
   * Says that the caller has read a channel up to a message; their other devices hear of it. Never goes back.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  markRead(args: MarkReadArgs, options?: CallOptions): Promise<void>;

  /**
   * Pins a message, at most 50 in a channel, and says so in the channel. Pinned already: nothing happens. Needs
   * `pin_messages`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  pin(args: PinMessageArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes one's own reaction back. What is not there is no error.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  removeReaction(args: RemoveReactionArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes somebody out of a private thread; they see it no longer. Whoever opened it may, as long as they may write in it; others
   * need `manage_threads`.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  removeThreadMember(args: RemoveThreadMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns the messages of a community that a search finds, the newest first, of the channels and threads that the caller views and may
   * read. A page
   * with fewer than `p_limit` is the last. What the server writes, joins and renames, is not found.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  search(args: SearchMessagesArgs, options?: CallOptions): Promise<DescribedMessage[]>;

  /**
   * Sends a message to a channel or thread and returns it, with its `seq` and `revision`. Needs `send_messages`.
   * The same author and nonce give the same message back, for ever, and nothing is sent twice; when it has been deleted
   * meanwhile: `expired`. `<@user>`, `<#channel>`, and with `mention_everyone` `<@&role>` and `@everyone` mention by id; what may not be
   * mentioned stays text. In a thread it needs `send_in_threads` instead; the sender follows the thread from then on, and an archived one is
   * open again, where the channel has room for one more that is open (`limit_reached`).
   *
   * With a `clientNonce`, repeating it is harmless.
   *
   * @throws {GuildhallError} `body_too_long`, `expired`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `slow_mode`, `timed_out`
   */
  send(args: SendMessageArgs, options?: CallOptions): Promise<DescribedMessage>;

  /**
   * Tells who has a channel open that the caller is writing. Call it every 8 seconds while they are; whoever hears it shows it
   * for 10. Needs `send_messages`.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  startTyping(args: StartTypingArgs, options?: CallOptions): Promise<void>;

  /**
   * Answers a link that `claim_link_previews` gave out, and says whether the message shows the preview now: not where there is
   * nothing to show, where the message is gone, hidden or has another link, and where it was answered already. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  storeLinkPreview(args: StoreLinkPreviewArgs, options?: CallOptions): Promise<boolean>;

  /**
   * Returns where a channel stands, and what changed in it since a revision: ascending, without a gap. Needs `view_channel`.
   * `community_topic` is null for a direct channel. `resync` true means that the feed (at least 72 hours) no longer reaches back to that revision: read a fresh page with
   * `list_messages` and go on from `revision`. `hidden` are the messages that bans have hidden meanwhile: those of an author
   * between two times, both included; whoever shows them stops. A change's `message` is as it is now, and null without
   * `read_history`, where it is hidden, and where it is gone; `seqs` are all numbers of a deletion, or, of kind
   * `anonymised`, where `message` is always null, of messages that have no author and no name any more.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `session_required`
   */
  syncChannel(args: SyncChannelArgs, options?: CallOptions): Promise<SyncChannelResult>;

  /**
   * Takes a pin away. Not pinned: nothing happens. Needs
   * `pin_messages`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  unpin(args: UnpinMessageArgs, options?: CallOptions): Promise<void>;

  /**
   * Changes a thread and returns it; what is left out stays. Whoever opened it may, as long as they may write in it; others need
   * `manage_threads`, and so does locking.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  updateThread(args: UpdateThreadArgs, options?: CallOptions): Promise<Thread>;
}

export function messagesDomain(call: Call): MessagesDomain {
  return {
    addReaction: (args, options) => call<void>(addReaction, args, options),
    addThreadMember: (args, options) => call<void>(addThreadMember, args, options),
    claimAttachmentRemovals: (args, options) => call<string[]>(claimAttachmentRemovals, args, options),
    claimLinkPreviews: (args, options) => call<ClaimLinkPreviewsResult>(claimLinkPreviews, args, options),
    clearReactions: (args, options) => call<void>(clearReactions, args, options),
    createThread: (args, options) => call<Thread>(createThread, args, options),
    delete: (args, options) => call<void>(deleteMessage, args, options),
    deleteMany: (args, options) => call<void>(deleteMessages, args, options),
    deleteThread: (args, options) => call<void>(deleteThread, args, options),
    edit: (args, options) => call<DescribedMessage>(editMessage, args, options),
    fetchSocial: (args, options) => call<SocialMessage[]>(fetchSocialMessages, args, options),
    get: (args, options) => call<DescribedMessage>(getMessage, args, options),
    getThread: (args, options) => call<Thread>(getThread, args, options),
    insertSocial: (args, options) => call<SocialMessage>(insertSocialMessage, args, options),
    joinThread: (args, options) => call<void>(joinThread, args, options),
    leaveThread: (args, options) => call<void>(leaveThread, args, options),
    listMessageEdits: (args, options) => call<MessageEdit[]>(listMessageEdits, args, options),
    list: (args, options) => call<DescribedMessage[]>(listMessages, args, options),
    listPins: (args, options) => call<DescribedMessage[]>(listPins, args, options),
    listReactions: (args, options) => call<Reaction[]>(listReactions, args, options),
    listThreadMembers: (args, options) => call<ThreadMember[]>(listThreadMembers, args, options),
    listThreads: (args, options) => call<Thread[]>(listThreads, args, options),
    listTopics: (args, options) => call<ListTopicsResult>(listTopics, args, options),
    listUnread: (args, options) => call<UnreadChannel[]>(listUnread, args, options),
    markRead: (args, options) => call<void>(markRead, args, options),
    pin: (args, options) => call<void>(pinMessage, args, options),
    removeReaction: (args, options) => call<void>(removeReaction, args, options),
    removeThreadMember: (args, options) => call<void>(removeThreadMember, args, options),
    search: (args, options) => call<DescribedMessage[]>(searchMessages, args, options),
    send: (args, options) => call<DescribedMessage>(sendMessage, args, options),
    startTyping: (args, options) => call<void>(startTyping, args, options),
    storeLinkPreview: (args, options) => call<boolean>(storeLinkPreview, args, options),
    syncChannel: (args, options) => call<SyncChannelResult>(syncChannel, args, options),
    unpin: (args, options) => call<void>(unpinMessage, args, options),
    updateThread: (args, options) => call<Thread>(updateThread, args, options),
  };
}

/** The domain `direct`: `guildhall.direct`. */
export interface DirectDomain {
  /**
   * Takes somebody into a group and returns it. Any member may, with whom they may write to; a group has at most 10 members
   * (`limit_reached`). Whoever comes may read what was said before.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  addMember(args: AddDirectMemberArgs, options?: CallOptions): Promise<DirectChannel>;

  /**
   * Returns the chat of the caller and somebody else, and begins it where there is none, as `open_direct` does, by its rules. Both need an
   * external id: `not_linked` where the caller has none, `not_found` where nobody has the other.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `missing_permission`, `not_found`, `not_linked`, `rate_limited`, `session_required`
   */
  ensureChatThread(args: EnsureChatThreadArgs, options?: CallOptions): Promise<ChatThread>;

  /**
   * Returns a page of a chat: the newest, or those before a number or a time, the newest first; or those after a number, the oldest first. At
   * most one bound may be given. Another's thread is not told from one that does not exist.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `session_required`
   */
  fetchChatHistory(args: FetchChatHistoryArgs, options?: CallOptions): Promise<ChatMessage[]>;

  /**
   * Returns one of the caller's direct channels.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  get(args: GetDirectArgs, options?: CallOptions): Promise<DirectChannel>;

  /**
   * Sends a message to somebody by external ids and returns it. The chat is begun where there is none, by the rules of `open_direct`, and
   * the message sent by those of `send_message`. The same sender and client id give the same message back, for ever, and nothing is sent
   * twice; when it has been deleted meanwhile: `expired`.
   *
   * With a `clientId`, repeating it is harmless.
   *
   * @throws {GuildhallError} `blocked`, `body_too_long`, `expired`, `invalid_argument`, `missing_permission`, `not_found`, `not_linked`, `rate_limited`, `session_required`
   */
  insertChatMessage(args: InsertChatMessageArgs, options?: CallOptions): Promise<ChatMessage>;

  /**
   * Leaves a group. When its owner leaves, who has been there longest owns it; the last one takes it along.
   *
   * @throws {GuildhallError} `not_found`, `rate_limited`, `session_required`
   */
  leaveGroup(args: LeaveDirectGroupArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns a page of the caller's direct channels, those first in which something was said last. A page with fewer than `p_limit` is
   * the last.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  list(args?: ListDirectArgs, options?: CallOptions): Promise<DirectChannel[]>;

  /**
   * Returns the direct channel of the caller and somebody else, and begins it where there is none: with a friend, or somebody of the
   * same community, as far as they take direct messages (`missing_permission`). What was begun once is always found again.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  open(args: OpenDirectArgs, options?: CallOptions): Promise<DirectChannel>;

  /**
   * Begins a new group with 1 to 9 others and returns it; the caller owns it. Each must be somebody to whom `open_direct` may write.
   *
   * @throws {GuildhallError} `blocked`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  openGroup(args: OpenGroupArgs, options?: CallOptions): Promise<DirectChannel>;

  /**
   * Takes somebody out of a group, who sees nothing of it any more. Only its owner may.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`
   */
  removeMember(args: RemoveDirectMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Gives a group another name and returns it. Any member may.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  renameGroup(args: RenameDirectGroupArgs, options?: CallOptions): Promise<DirectChannel>;
}

export function directDomain(call: Call): DirectDomain {
  return {
    addMember: (args, options) => call<DirectChannel>(addDirectMember, args, options),
    ensureChatThread: (args, options) => call<ChatThread>(ensureChatThread, args, options),
    fetchChatHistory: (args, options) => call<ChatMessage[]>(fetchChatHistory, args, options),
    get: (args, options) => call<DirectChannel>(getDirect, args, options),
    insertChatMessage: (args, options) => call<ChatMessage>(insertChatMessage, args, options),
    leaveGroup: (args, options) => call<void>(leaveDirectGroup, args, options),
    list: (args, options) => call<DirectChannel[]>(listDirect, args, options),
    open: (args, options) => call<DirectChannel>(openDirect, args, options),
    openGroup: (args, options) => call<DirectChannel>(openGroup, args, options),
    removeMember: (args, options) => call<void>(removeDirectMember, args, options),
    renameGroup: (args, options) => call<DirectChannel>(renameDirectGroup, args, options),
  };
}

/** The domain `moderation`: `guildhall.moderation`. */
export interface ModerationDomain {
  /**
   * Acts on a reported message in the community where it was sent, member of it or not: deletes the message, kicks its author, or bans them there until
   * somebody ends the ban. For the member of platform staff who has the report in hand. It stands in the community's audit log under
   * the caller's name, and in the report's history; the report stays in review. Nobody takes the owner out of their community: `role_hierarchy`.
   * `conflict` where there is nothing any more to act on.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`
   */
  actOnReport(args: ActOnReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes a report on, or hands it to somebody else of the staff; it is `in_review` then. For platform staff: reviewers take on what nobody has in hand;
   * admins also take over, and hand to others. Who is accused, or manages the community, is handed nothing.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `conflict`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  assignReport(args: AssignReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Ends a report of which nothing comes. For the member of platform staff who has it in hand.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  dismissReport(args: DismissReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns a report with its evidence, which is what there was to be seen when it was made, whatever has become of it, and with every step that was
   * done. For platform staff; what is about oneself, or about a community that one manages, is `not_found`.
   * Of a message there are `message` and `edits` (what it said before, at most the last 20), `author`, `channel`, `thread`, `community`, and
   * `around`, up to 5 messages before and 5 after it. Of a user: `user` and the `communities` shared with who made the report. Of a community:
   * `community`, `owner`, `members` (counted up to 1,000) and the `channels` that who made the report saw. `etag` is what Storage calls a
   * file's content, often its MD5; the file itself is not kept. `actor_id` of a step is null where the server did it, and for reviewers also where
   * it tells who made the report.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  getReport(args: GetReportArgs, options?: CallOptions): Promise<GetReportResult>;

  /**
   * Makes a user platform staff, or gives them the other role. Needs the secret key.
   *
   * Repeating it is harmless.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`
   */
  grantStaffRole(args: GrantStaffRoleArgs, options?: CallOptions): Promise<void>;

  /**
   * Returns a page of the reports in one state: those that wait the oldest first, those that have ended the newest first. For platform staff. What
   * is about oneself, or about a community that one manages, is not among them.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `session_required`
   */
  listReports(args?: ListReportsArgs, options?: CallOptions): Promise<Report[]>;

  /**
   * Returns the platform staff by name, at most 1,000: to whom a report can be handed. For platform staff.
   *
   * @throws {GuildhallError} `missing_permission`, `session_required`
   */
  listStaff(options?: CallOptions): Promise<StaffMember[]>;

  /**
   * Returns a page of the reports that the caller has made, the newest first, with what has become of each.
   *
   * @throws {GuildhallError} `invalid_argument`, `session_required`
   */
  myReports(args?: MyReportsArgs, options?: CallOptions): Promise<MyReport[]>;

  /**
   * Says whether the caller is platform staff, and as what: what to show, not what is allowed, which every function asks for itself.
   *
   * @throws {GuildhallError} `session_required`
   */
  myStaffRole(options?: CallOptions): Promise<MyStaffRoleResult>;

  /**
   * Adds a note to a report's history, whatever its state. For platform staff, who read it; whoever made the report does not.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  noteReport(args: NoteReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Takes up a report again that had ended: it is `in_review`, in the caller's hands. For admins of the platform staff. `conflict` where it has not
   * ended, and where there is a newer one by the same person about the same, which is not ended.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  reopenReport(args: ReopenReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Reports a community of which one is a member to the platform's staff. The server keeps its name, its owner and the names of the channels
   * that you see. While a report of yours about the same community is not ended it comes back as it is, and nothing is added to it.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  reportCommunity(args: ReportCommunityArgs, options?: CallOptions): Promise<MyReport>;

  /**
   * Reports a message of a channel or thread to the platform's staff. Needs `read_history`. The server keeps what there is to be seen: the
   * message, what it said before, its author, its files' names and hashes, and up to 5 messages before and after it. While a report of yours about
   * the same message is not ended it comes back as it is, and nothing is added to it.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`
   */
  reportMessage(args: ReportMessageArgs, options?: CallOptions): Promise<MyReport>;

  /**
   * Reports a friend, or somebody with whom one shares a community or a direct channel, to the platform's staff. The server keeps their profile and their names in the communities
   * that you share. While a report of yours about the same user is not ended it comes back as it is, and nothing is added to it.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  reportUser(args: ReportUserArgs, options?: CallOptions): Promise<MyReport>;

  /**
   * Ends a report that was right. For the member of platform staff who has it in hand.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `not_found`, `rate_limited`, `session_required`
   */
  resolveReport(args: ResolveReportArgs, options?: CallOptions): Promise<void>;

  /**
   * Ends a user's being platform staff, from this moment on. The reports they had in hand are free for others. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `not_found`
   */
  revokeStaffRole(args: RevokeStaffRoleArgs, options?: CallOptions): Promise<void>;
}

export function moderationDomain(call: Call): ModerationDomain {
  return {
    actOnReport: (args, options) => call<void>(actOnReport, args, options),
    assignReport: (args, options) => call<void>(assignReport, args, options),
    dismissReport: (args, options) => call<void>(dismissReport, args, options),
    getReport: (args, options) => call<GetReportResult>(getReport, args, options),
    grantStaffRole: (args, options) => call<void>(grantStaffRole, args, options),
    listReports: (args, options) => call<Report[]>(listReports, args, options),
    listStaff: (options) => call<StaffMember[]>(listStaff, {}, options),
    myReports: (args, options) => call<MyReport[]>(myReports, args, options),
    myStaffRole: (options) => call<MyStaffRoleResult>(myStaffRole, {}, options),
    noteReport: (args, options) => call<void>(noteReport, args, options),
    reopenReport: (args, options) => call<void>(reopenReport, args, options),
    reportCommunity: (args, options) => call<MyReport>(reportCommunity, args, options),
    reportMessage: (args, options) => call<MyReport>(reportMessage, args, options),
    reportUser: (args, options) => call<MyReport>(reportUser, args, options),
    resolveReport: (args, options) => call<void>(resolveReport, args, options),
    revokeStaffRole: (args, options) => call<void>(revokeStaffRole, args, options),
  };
}

/** The domain `voice`: `guildhall.voice`. */
export interface VoiceDomain {
  /**
   * Says whether the caller may have ICE servers for a voice channel now: they may connect, and there is a seat for them. For the Edge Function `voice-ice`, which asks it as the
   * caller; by itself it gives nothing.
   *
   * @throws {GuildhallError} `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  authorize(args: AuthorizeVoiceArgs, options?: CallOptions): Promise<AuthorizeVoiceResult>;

  /**
   * Says what a token for the SFU may grant the caller's device in a voice channel whose transport is `sfu`: for the Edge Function
   * `voice-token`, which makes one of it. Needs `connect` and a live session of the device in this channel (`join_voice`).
   *
   * @throws {GuildhallError} `conflict`, `expired`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  authorizeToken(args: AuthorizeVoiceTokenArgs, options?: CallOptions): Promise<AuthorizeVoiceTokenResult>;

  /**
   * Returns what the SFU has yet to be told of sessions: who is to be removed (`is_removal`), and what others may do now. They are the caller's for
   * a minute, to be answered with `finish_voice_sfu_change`; afterwards they are given out again. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  claimVoiceSfuChanges(args?: ClaimVoiceSfuChangesArgs, options?: CallOptions): Promise<ClaimVoiceSfuChangesResult>;

  /**
   * Returns rooms of the SFU whose participants are to be compared with the sessions: answer each with `compare_voice_sfu_room`. What is not
   * answered is given out again after a minute. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  claimVoiceSfuRooms(args?: ClaimVoiceSfuRoomsArgs, options?: CallOptions): Promise<string[]>;

  /**
   * Answers a room that `claim_voice_sfu_rooms` gave out. Returns the sessions that are over, whose participants are to be removed; participants who
   * may something else than their sessions are given out by `claim_voice_sfu_changes` next. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  compareVoiceSfuRoom(args: CompareVoiceSfuRoomArgs, options?: CallOptions): Promise<string[]>;

  /**
   * Ends all sessions of a member below the caller in a voice channel. They may join again: to keep them out, take `connect` from them. Needs `move_members` in it.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  disconnectMember(args: DisconnectMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Answers a change that `claim_voice_sfu_changes` gave out, and says whether the SFU is up to date with this session now: not where it failed,
   * where something changed meanwhile, and where it was answered before. Needs the secret key.
   *
   * For the role service_role only.
   *
   * @throws {GuildhallError} `invalid_argument`
   */
  finishVoiceSfuChange(args: FinishVoiceSfuChangeArgs, options?: CallOptions): Promise<boolean>;

  /**
   * Says who is in a voice channel, and on which topic changes are told. Needs `connect`, and no session.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  get(args: GetVoiceArgs, options?: CallOptions): Promise<VoiceRoom>;

  /**
   * Takes a seat in a voice channel for one device of the caller's. The seat is a lease of 45 seconds: `renew_voice` every 15 keeps it. It takes the place of
   * whatever session the device had, here or elsewhere, in any community. Needs `connect`. `limit_reached`: all seats are taken, or the
   * caller is in voice with three other devices.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  openSession(args: JoinVoiceArgs, options?: CallOptions): Promise<VoiceSession>;

  /**
   * Gives the seat of one of the caller's devices in a voice channel up, and says whether it had one.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `session_required`
   */
  closeSession(args: LeaveVoiceArgs, options?: CallOptions): Promise<boolean>;

  /**
   * Says who is in which voice channel of a community, for all of them that the caller may connect to.
   *
   * @throws {GuildhallError} `not_found`, `session_required`
   */
  list(args: ListVoiceArgs, options?: CallOptions): Promise<VoiceRoom[]>;

  /**
   * Moves a member below the caller, with all their devices, from one voice channel to another of the same community. Needs `move_members` in both. `conflict`: the
   * member may not connect there. `limit_reached`: it has no seat for them.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `limit_reached`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  moveMember(args: MoveMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Mutes a member below the caller in one voice channel, or ends that: nobody hears them there, also after they left and came back. Needs `mute_members` in it.
   *
   * @throws {GuildhallError} `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `role_hierarchy`, `session_required`, `timed_out`
   */
  muteMember(args: MuteMemberArgs, options?: CallOptions): Promise<void>;

  /**
   * Keeps the caller's seat in a voice channel for another 45 seconds; call it every 15. `expired`: there is no such session, or no longer; its
   * detail `elsewhere` says whether the device has one in another channel, which joining here again would end. Where a moderator moved it, the
   * answer is the session in the other channel. Needs `connect`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `conflict`, `expired`, `invalid_argument`, `missing_permission`, `not_found`, `session_required`, `timed_out`
   */
  renewSession(args: RenewVoiceArgs, options?: CallOptions): Promise<VoiceSession>;

  /**
   * Sends one step of a WebRTC negotiation to somebody in the same voice channel: they alone receive it, as `webrtc-signal` on `user:<id>`, with the caller's user and session
   * as the server knows them. `expired`: the caller's device has no session there; `not_found`: they have none. Needs `connect`. Like any broadcast it may be lost: negotiate again.
   *
   * @throws {GuildhallError} `expired`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  sendSignal(args: SendVoiceSignalArgs, options?: CallOptions): Promise<void>;

  /**
   * Tells who is in a voice channel that the caller muted or deafened themselves there, or do no longer; what is left out stays. `expired`: the device has no session
   * there. Needs `connect`.
   *
   * Repeating it is harmless.
   *
   * @throws {GuildhallError} `expired`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  setState(args: SetVoiceStateArgs, options?: CallOptions): Promise<VoiceSession>;

  /**
   * Changes how a voice channel works; what is left out stays. A new one is a mesh of 8. Needs `manage_channels` in it. `conflict`: the transport changes only where nobody is
   * in it.
   *
   * @throws {GuildhallError} `conflict`, `invalid_argument`, `missing_permission`, `not_found`, `rate_limited`, `session_required`, `timed_out`
   */
  updateChannel(args: UpdateVoiceChannelArgs, options?: CallOptions): Promise<VoiceRoom>;
}

export function voiceDomain(call: Call): VoiceDomain {
  return {
    authorize: (args, options) => call<AuthorizeVoiceResult>(authorizeVoice, args, options),
    authorizeToken: (args, options) => call<AuthorizeVoiceTokenResult>(authorizeVoiceToken, args, options),
    claimVoiceSfuChanges: (args, options) => call<ClaimVoiceSfuChangesResult>(claimVoiceSfuChanges, args, options),
    claimVoiceSfuRooms: (args, options) => call<string[]>(claimVoiceSfuRooms, args, options),
    compareVoiceSfuRoom: (args, options) => call<string[]>(compareVoiceSfuRoom, args, options),
    disconnectMember: (args, options) => call<void>(disconnectMember, args, options),
    finishVoiceSfuChange: (args, options) => call<boolean>(finishVoiceSfuChange, args, options),
    get: (args, options) => call<VoiceRoom>(getVoice, args, options),
    openSession: (args, options) => call<VoiceSession>(joinVoice, args, options),
    closeSession: (args, options) => call<boolean>(leaveVoice, args, options),
    list: (args, options) => call<VoiceRoom[]>(listVoice, args, options),
    moveMember: (args, options) => call<void>(moveMember, args, options),
    muteMember: (args, options) => call<void>(muteMember, args, options),
    renewSession: (args, options) => call<VoiceSession>(renewVoice, args, options),
    sendSignal: (args, options) => call<void>(sendVoiceSignal, args, options),
    setState: (args, options) => call<VoiceSession>(setVoiceState, args, options),
    updateChannel: (args, options) => call<VoiceRoom>(updateVoiceChannel, args, options),
  };
}

/** Every domain, by the name of its property on the client. */
export interface Domains {
  platform: PlatformDomain;
  identity: IdentityDomain;
  access: AccessDomain;
  communities: CommunitiesDomain;
  messages: MessagesDomain;
  direct: DirectDomain;
  moderation: ModerationDomain;
  voice: VoiceDomain;
}

/** The methods of every domain, calling through one caller. */
export function createDomains(call: Call): Domains {
  return {
    platform: platformDomain(call),
    identity: identityDomain(call),
    access: accessDomain(call),
    communities: communitiesDomain(call),
    messages: messagesDomain(call),
    direct: directDomain(call),
    moderation: moderationDomain(call),
    voice: voiceDomain(call),
  };
}
