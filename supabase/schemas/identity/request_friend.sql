-- request_friend: Limits: friend_request per user, also for a name that nobody has: that is answered and not raised, so that the try stays
-- charged, and names cannot be tried out without end (see refusal). A block is asked of the caller's own only: who has blocked the caller is asked
-- like anybody else, and does not hear of it.
create function private.request_friend(p_user_id uuid, p_username text)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_field text := case when p_username is null then 'p_user_id' else 'p_username' end;
  v_other_id uuid := p_user_id;
  v_user_id uuid;
begin
  if (p_user_id is null) = (p_username is null) then
    perform private.require_user();
    perform private.fail(
      'invalid_argument', 'Name a user by id or by username.', 422, pg_catalog.jsonb_build_object('field', v_field)
    );
  end if;
  if p_username is not null then
    select p.id into v_other_id
    from public.profiles p
    where p.username = pg_catalog.lower(pg_catalog.btrim(p_username)) and not private.is_ending(p.id);
    if not found then
      perform private.take_token('friend_request', private.require_account()::text);
      return private.refusal(
        'not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_username')
      );
    end if;
  end if;

  v_user_id := private.begin_relation_change(v_other_id, 'friend_request', v_field);
  if private.has_blocked(v_user_id, v_other_id) then
    perform private.fail('blocked', 'You have blocked this user: unblock them first.', 403);
  end if;
  if private.are_friends(v_user_id, v_other_id) or private.befriend(v_user_id, v_other_id) then
    return '"friends"'::jsonb;
  end if;
  if exists (select from private.friend_requests r where r.from_id = v_user_id and r.to_id = v_other_id) then
    return '"requested"'::jsonb;
  end if;

  perform private.require_room_for_friend(v_user_id);
  if (select pg_catalog.count(*) from private.friend_requests r where r.from_id = v_user_id) >= 100 then
    perform private.fail(
      'limit_reached', 'At most 100 of your requests wait at a time: cancel one first.', 409,
      pg_catalog.jsonb_build_object('max', 100)
    );
  end if;
  insert into private.friend_requests (from_id, to_id) values (v_user_id, v_other_id);
  perform private.tell_friends_changed(v_user_id, v_other_id, 'requested', 'outgoing');
  perform private.tell_friends_changed(v_other_id, v_user_id, 'requested', 'incoming');
  return '"requested"'::jsonb;
end
$$;

revoke all on function private.request_friend(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.request_friend(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the answer with a pattern
-- of its own, and the locks are held while it is matched.
create function public.request_friend(p_user_id uuid default null, p_username text default null)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.request_friend(p_user_id, p_username); $$;

comment on function public.request_friend(uuid, text) is
$$Asks somebody to be the caller's friend, named by id or by username. If they have asked already, both are friends at once.
Somebody has at most 1,000 friends, and 100 requests of their own that wait. A username that nobody has counts towards the limit, too:
through the Data API its refusal is an error like any other; in SQL it is returned as that error's JSON, so that the try stays counted.
@param p_user_id who; this or `p_username`
@param p_username their username, in whatever case
@errors session_required, invalid_argument, not_found, blocked, limit_reached, rate_limited
@idempotent
@returns {'requested' | 'friends'} what stands between them now$$;

revoke all on function public.request_friend(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.request_friend(uuid, text) to authenticated;
