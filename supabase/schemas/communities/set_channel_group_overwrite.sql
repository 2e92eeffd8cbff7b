-- set_channel_group_overwrite: see change_channel_group_overwrite.
create function private.set_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[],
  p_deny text[]
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_masks bigint[] := private.require_overwrite_masks(p_allow, p_deny);
begin
  perform private.change_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id, v_masks[1], v_masks[2]);
end
$$;

revoke all on function private.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function private.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) to authenticated;

create function public.set_channel_group_overwrite(
  p_group_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_allow text[] default '{}',
  p_deny text[] default '{}'
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_channel_group_overwrite(p_group_id, p_subject_kind, p_subject_id, p_allow, p_deny); $$;

comment on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) is
$$Sets what a group, and each channel synced with it, allows and denies a role or a member below the caller; with both lists
empty the overwrite is gone. Needs `manage_roles`, and each permission whose value changes, held in all those channels.
A group has at most 250 overwrites.
@param p_subject_kind `role` (the default role included) or `member`
@param p_subject_id the role's or the user's id
@param p_allow keys of permissions_catalog that are asked in channels
@param p_deny likewise, none of those allowed
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) from public, anon, authenticated, service_role;
grant execute on function public.set_channel_group_overwrite(uuid, text, uuid, text[], text[]) to authenticated;
