-- befriend: takes up the request that another user has made to this one, behind begin_relation_change. Returns whether there was one.
create function private.befriend(p_user_id uuid, p_other_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
begin
  delete from private.friend_requests r where r.from_id = p_other_id and r.to_id = p_user_id;
  if not found then
    return false;
  end if;
  perform private.require_room_for_friend(p_user_id);
  perform private.require_room_for_friend(p_other_id);

  insert into private.friendships (user_id, friend_id, created_at)
  values (p_user_id, p_other_id, v_now), (p_other_id, p_user_id, v_now);
  perform private.tell_friends_changed(p_user_id, p_other_id, 'accepted', 'incoming');
  perform private.tell_friends_changed(p_other_id, p_user_id, 'accepted', 'outgoing');
  return true;
end
$$;

revoke all on function private.befriend(uuid, uuid) from public, anon, authenticated, service_role;
