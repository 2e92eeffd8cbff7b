const afterTheWait =
  'The community was found by this row a moment before: it can only be gone after the wait for the lock.';
const aroundTheWait =
  'The other of the two calls refuses. Each alone is proven on real connections: a stranger does not wait for the lock, and a right that is taken during the wait is not used.';
const afterTheAccount =
  'Both accounts were there a moment before: they can only be gone after the wait for their rows. Proven on real connections.';

/**
 * Mutants that no test in a single session can tell, each with the reason. One that a test kills after all, or that is
 * not there any more, is an error: the list never grows stale.
 */
export const equivalent: Record<string, string> = {
  'begin_change without require_in_community(p_community_id, p_permission, p_named_by)':
    aroundTheWait,
  'begin_change without require_in_community(p_community_id, p_permission, p_named_by) (2)':
    aroundTheWait,
  'begin_change_in_channel without require_in_channel(p_channel_id, p_permission)': aroundTheWait,
  'begin_change_in_channel without require_in_channel(p_channel_id, p_permission) (2)':
    aroundTheWait,
  "begin_direct_group_change without require_in_channel(p_channel_id, 'view_channel')":
    aroundTheWait,
  'assign_report without require_report(p_report_id)': aroundTheWait,
  'begin_report_change without require_report(p_report_id)': aroundTheWait,
  'begin_report_change without require_report(p_report_id) (2)': aroundTheWait,
  'begin_thread_change without require_in_thread(p_thread_id, p_permission)': aroundTheWait,
  'change_channel_group_overwrite without require_group(v_community_id, p_group_id)': afterTheWait,
  'delete_channel_group without require_group(v_community_id, p_group_id)': afterTheWait,
  'move_channel_group without require_group(v_community_id, p_group_id)': afterTheWait,
  'update_channel_group without require_group(v_community_id, p_group_id)': afterTheWait,
  'require_direct_recipient without require_account()': afterTheAccount,
  'require_direct_recipient without not_found if not exists (select from public.profiles p where p.id = p_user_id)':
    afterTheAccount,
  'ensure_chat_thread without not_found if not found':
    'Both were linked a moment before: one can only be unlinked meanwhile. Proven on real connections.',
  'join_voice without conflict if not found':
    "Nobody else holds the device's row but another call of the same device at the same moment. Proven on real connections.",
  "move_channel without require_in_channel(p_channel_id, 'manage_channels') (2)": aroundTheWait,
};
