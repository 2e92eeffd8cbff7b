-- list_friends: those whom the caller has blocked are left out. The page goes on by values and not by a row, which may be gone by then.
create function private.list_friends(p_before_since timestamptz, p_before_user_id uuid, p_limit integer)
returns setof public.friend
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_since is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a friend, give both time and id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select f.friend_id, p.username, p.display_name, f.created_at
  from private.friendships f
  join public.profiles p on p.id = f.friend_id
  where f.user_id = v_user_id
    and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = f.friend_id)
    and (p_before_user_id is null or (f.created_at, f.friend_id) < (p_before_since, p_before_user_id))
  order by f.created_at desc, f.friend_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_friends(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_friends(timestamptz, uuid, integer) to authenticated;

create function public.list_friends(
  p_before_since timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.friend
language sql stable security invoker set search_path = ''
as $$ select * from private.list_friends(p_before_since, p_before_user_id, p_limit); $$;

comment on function public.list_friends(timestamptz, uuid, integer) is
$$Returns a page of the caller's friends, the newest first.
@param p_before_since go on with older ones: the `since` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_friends(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_friends(timestamptz, uuid, integer) to authenticated;
