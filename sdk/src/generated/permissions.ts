// Generated from supabase/contract.json by npm run generate; do not edit.

/** Every permission there is, in the catalog's order, and where it is asked. */
export const permissionScopes = {
  /** See that the channel exists. */
  view_channel: 'channel',
  /** Receive messages and read those sent before. */
  read_history: 'channel',
  /** Send messages. */
  send_messages: 'channel',
  /** Send messages in threads. */
  send_in_threads: 'channel',
  /** Open threads. */
  create_threads: 'channel',
  /** Change and close threads, see private ones. */
  manage_threads: 'channel',
  /** Attach files to messages. */
  attach_files: 'channel',
  /** Have links shown with a preview. */
  embed_links: 'channel',
  /** Add reactions to messages. */
  add_reactions: 'channel',
  /** Mention everyone or any role. */
  mention_everyone: 'channel',
  /** Pin messages. */
  pin_messages: 'channel',
  /** Delete messages of others. */
  manage_messages: 'channel',
  /** Send without waiting in slow mode. */
  bypass_slow_mode: 'channel',
  /** Create invites. */
  create_invite: 'community',
  /** See and revoke invites of others. */
  manage_invites: 'community',
  /** Create, change and delete channels. */
  manage_channels: 'channel',
  /** Create, change and grant lower roles; change overwrites. */
  manage_roles: 'channel',
  /** Change the community's name and settings. */
  manage_community: 'community',
  /** Remove lower members. */
  kick_members: 'community',
  /** Ban lower members. */
  ban_members: 'community',
  /** Time out lower members. */
  timeout_members: 'community',
  /** Work on reports. */
  manage_reports: 'community',
  /** Read the audit log. */
  view_audit_log: 'community',
  /** Join voice. */
  connect: 'voice',
  /** Speak in voice. */
  speak: 'voice',
  /** Share video or screen in voice. */
  stream: 'voice',
  /** Mute members in voice. */
  mute_members: 'voice',
  /** Move members between voice channels. */
  move_members: 'voice',
  /** Host ranked match rooms. */
  host_matches: 'channel',
  /** Create, change and delete webhooks. */
  manage_webhooks: 'channel',
  /** Everything, whatever overwrites say. */
  administrator: 'community',
} as const;

export type Permission = keyof typeof permissionScopes;
