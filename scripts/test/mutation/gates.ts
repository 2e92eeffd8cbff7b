/**
 * What stands in a function's way, by name, and what is left when it is taken out: an expression over its arguments that
 * gives the same value without asking for any right.
 */
export const gates: Record<string, (args: string[]) => string> = {
  require_user: () => '(select auth.uid())',
  require_account: () => '(select auth.uid())',
  require_in_community: ([community]) => `private.community_permissions(${community})`,
  require_in_channel: ([channel]) => `private.channel_permissions(${channel})`,
  begin_change: ([community]) => `private.community_permissions(${community})`,
  begin_change_in_channel: ([channel]) => `private.channel_permissions(${channel})`,
  require_above_role: ([community, role]) =>
    `(select r from public.roles r where r.community_id = ${community} and r.id = ${role})`,
  require_group: ([, group]) => `(select g from public.channel_groups g where g.id = ${group})`,
  require_above_member: () => 'null',
  require_overwrite_subject: () => 'null',
  require_owner: () => 'null',
  require_held: () => 'null',
  require_held_in_channels: () => 'null',
  begin_message_change: ([channel]) => `private.channel_permissions(${channel})`,
  require_message: ([channel, seq]) =>
    `(select m from public.messages m where m.channel_id = ${channel} and m.seq = ${seq})`,
  require_in_thread: ([thread]) => `(select t from private.threads t where t.id = ${thread})`,
  begin_thread_change: ([thread]) => `(select t from private.threads t where t.id = ${thread})`,
  require_room_for_thread: () => 'null',
  begin_direct_group_change: ([channel]) =>
    `(select d from private.direct_channels d where d.id = ${channel})`,
  require_direct_recipient: () => 'null',
  require_chat_id: () => 'private.external_id_of(private.chat_provider(), (select auth.uid()))',
  require_chat_thread: ([thread]) => `private.find_chat_pair(${thread})`,
  begin_voice: () => 'null',
  require_voice_session: ([channel, device]) =>
    `(select s from private.voice_sessions s where s.user_id = (select auth.uid()) and s.device_id = ${device} and s.channel_id = ${channel})`,
  require_in_voice: () => 'null',
  keep_slow_mode: () => 'null',
  begin_relation_change: () => '(select auth.uid())',
  require_room_for_friend: () => 'null',
  require_known_user: () => 'null',
  require_recent_sign_in: () => 'null',
  require_no_community: () => 'null',
  require_staff: () => `'admin'`,
  require_report: ([report]) => `(select r from private.reports r where r.id = ${report})`,
  begin_report_change: ([report]) => `(select r from private.reports r where r.id = ${report})`,
  require_in_hand: () => 'null',
  require_seats: () => 'null',
  require_removable: () => 'null',
  take_token: () => 'null',
};

/** They look at arguments, not at rights: their own refusals are taken out one by one instead of their calls. */
export const validators = [
  'require_name',
  'require_limit',
  'require_ids',
  'require_color',
  'require_permission_keys',
  'require_overwrite_masks',
  'require_body',
  'require_attachments',
  'require_emoji',
  'require_archive_after',
  'require_link_preview',
  'require_note',
  'require_report_reason',
  'require_provider',
  'require_voice_room',
];
