-- remove_member: ends somebody else's membership. The community hears of it by `moved` (see move_topics_after_departures).
-- The caller has checked the right and holds change_access. Says false where there was no membership.
create function private.remove_member(p_community_id uuid, p_user_id uuid, p_kind text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.community_members m where m.community_id = p_community_id and m.user_id = p_user_id;
  if not found then
    return false;
  end if;
  perform private.notify_access_changed(p_user_id, p_community_id, p_kind);
  return true;
end
$$;

revoke all on function private.remove_member(uuid, uuid, text) from public, anon, authenticated, service_role;
