-- leave_direct_group: Gate: membership. Limits: direct_change per user. What follows from it: see end_direct_memberships.
create function private.leave_direct_group(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_direct_group_change(p_channel_id, p_is_alone => true);
  perform private.take_token('direct_change', (select auth.uid())::text);
  delete from private.direct_members m where m.channel_id = p_channel_id and m.user_id = (select auth.uid());
end
$$;

revoke all on function private.leave_direct_group(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_direct_group(uuid) to authenticated;

create function public.leave_direct_group(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_direct_group(p_channel_id); $$;

comment on function public.leave_direct_group(uuid) is
$$Leaves a group. When its owner leaves, who has been there longest owns it; the last one takes it along.
@errors session_required, not_found, rate_limited
@sdk leaveGroup$$;

revoke all on function public.leave_direct_group(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_direct_group(uuid) to authenticated;
