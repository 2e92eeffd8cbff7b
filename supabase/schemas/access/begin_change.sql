-- begin_change: the gate of every operation that changes a community's structure or members: the right, then the
-- community's lock, then the right again, since it may have gone while we waited. Asked first without the lock, because
-- otherwise a stranger's refused calls would make the members wait. Returns the caller's mask in the community.
-- Limits: community_change per user. The lock comes before any row's, also the limit's.
create function private.begin_change(
  p_community_id uuid,
  p_permission text default null,
  p_named_by text default 'community'
)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.require_in_community(p_community_id, p_permission, p_named_by);
  perform private.change_access(p_community_id);
  v_held := private.require_in_community(p_community_id, p_permission, p_named_by);
  perform private.take_token('community_change', (select auth.uid())::text);
  return v_held;
end
$$;

revoke all on function private.begin_change(uuid, text, text) from public, anon, authenticated, service_role;
