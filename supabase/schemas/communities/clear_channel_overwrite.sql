-- clear_channel_overwrite: see change_channel_overwrite.
create function private.clear_channel_overwrite(p_channel_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id, 0, 0);
end
$$;

revoke all on function private.clear_channel_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function private.clear_channel_overwrite(uuid, text, uuid) to authenticated;

create function public.clear_channel_overwrite(p_channel_id uuid, p_subject_kind text, p_subject_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.clear_channel_overwrite(p_channel_id, p_subject_kind, p_subject_id); $$;

comment on function public.clear_channel_overwrite(uuid, text, uuid) is
$$Removes what a channel says to a role or a member below the caller. Ends the channel's sync with its group. Needs
`manage_roles` in the channel, and there each permission that the overwrite allowed or denied.
@param p_subject_kind `role` or `member`
@param p_subject_id the role's or the user's id
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.clear_channel_overwrite(uuid, text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.clear_channel_overwrite(uuid, text, uuid) to authenticated;
