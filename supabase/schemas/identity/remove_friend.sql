-- remove_friend: Limits: friend_change per user.
create function private.remove_friend(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  delete from private.friendships f
  where (f.user_id, f.friend_id) in ((v_user_id, p_user_id), (p_user_id, v_user_id));
  if found then
    perform private.tell_friends_changed(v_user_id, p_user_id, 'removed');
    perform private.tell_friends_changed(p_user_id, v_user_id, 'removed');
  end if;
end
$$;

revoke all on function private.remove_friend(uuid) from public, anon, authenticated, service_role;
grant execute on function private.remove_friend(uuid) to authenticated;

create function public.remove_friend(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_friend(p_user_id); $$;

comment on function public.remove_friend(uuid) is
$$Ends a friendship, for both.
@param p_user_id the friend
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.remove_friend(uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_friend(uuid) to authenticated;
