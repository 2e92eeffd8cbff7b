-- decline_friend_request: Limits: friend_change per user. Who has asked hears that the request is gone, as if it were cancelled.
create function private.decline_friend_request(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  delete from private.friend_requests r where r.from_id = p_user_id and r.to_id = v_user_id;
  if found then
    perform private.tell_friends_changed(v_user_id, p_user_id, 'declined', 'incoming');
    perform private.tell_friends_changed(p_user_id, v_user_id, 'cancelled', 'outgoing');
  end if;
end
$$;

revoke all on function private.decline_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function private.decline_friend_request(uuid) to authenticated;

create function public.decline_friend_request(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.decline_friend_request(p_user_id); $$;

comment on function public.decline_friend_request(uuid) is
$$Removes somebody's friend request to the caller.
@param p_user_id who has asked
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.decline_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.decline_friend_request(uuid) to authenticated;
