-- accept_friend_request: Limits: friend_change per user. Whom one has blocked one does not befriend, whether they have asked or not.
create function private.accept_friend_request(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'friend_change');
begin
  if private.has_blocked(v_user_id, p_user_id) then
    perform private.fail('blocked', 'You have blocked this user: unblock them first.', 403);
  end if;
  -- What was accepted already is answered again.
  if not private.are_friends(v_user_id, p_user_id) and not private.befriend(v_user_id, p_user_id) then
    perform private.fail(
      'not_found', 'This user has not asked you.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
end
$$;

revoke all on function private.accept_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function private.accept_friend_request(uuid) to authenticated;

create function public.accept_friend_request(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.accept_friend_request(p_user_id); $$;

comment on function public.accept_friend_request(uuid) is
$$Takes up somebody's friend request: both are friends.
@param p_user_id who has asked
@errors session_required, invalid_argument, not_found, blocked, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.accept_friend_request(uuid) from public, anon, authenticated, service_role;
grant execute on function public.accept_friend_request(uuid) to authenticated;
