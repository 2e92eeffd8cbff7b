-- leave_community: never the owner, who hands the community over first.
-- The topics' names change, so an open socket of the one who left hears nothing that is sent afterwards.
create function private.leave_community(p_community_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  perform private.begin_change(p_community_id);

  if exists (select from public.communities c where c.id = p_community_id and c.owner_id = v_user_id) then
    perform private.fail('conflict', 'The owner cannot leave: hand the community over first.', 409);
  end if;

  delete from public.community_members m where m.community_id = p_community_id and m.user_id = v_user_id;

  perform private.notify_access_changed(v_user_id, p_community_id, 'left');
end
$$;

revoke all on function private.leave_community(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_community(uuid) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.leave_community(p_community_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_community(p_community_id); $$;

comment on function public.leave_community(uuid) is
$$Ends the caller's membership, and with it roles and what channels allow the caller personally. Timeouts and what channels
deny stay, and hold again on coming back. The owner cannot leave.
@errors session_required, not_found, conflict, rate_limited$$;

revoke all on function public.leave_community(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_community(uuid) to authenticated;
