-- list_friend_requests: those from and to whom the caller has blocked are left out.
create function private.list_friend_requests(
  p_direction text,
  p_before_created_at timestamptz,
  p_before_user_id uuid,
  p_limit integer
)
returns setof public.friend_request
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if p_direction not in ('incoming', 'outgoing') then
    perform private.fail(
      'invalid_argument', 'Requests are incoming or outgoing.', 422,
      pg_catalog.jsonb_build_object('field', 'p_direction')
    );
  end if;
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a request, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select w.user_id, p.username, p.display_name, w.direction, w.created_at
  from (
    -- Each no further than the page: the incoming ones may be many, and their index has them in order.
    (
      select r.from_id as user_id, 'incoming'::text as direction, r.created_at
      from private.friend_requests r
      where r.to_id = v_user_id
        and p_direction is distinct from 'outgoing'
        and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = r.from_id)
        and (p_before_user_id is null or (r.created_at, r.from_id) < (p_before_created_at, p_before_user_id))
      order by r.created_at desc, r.from_id desc
      limit p_limit
    )
    union all
    (
      select r.to_id, 'outgoing'::text, r.created_at
      from private.friend_requests r
      where r.from_id = v_user_id
        and p_direction is distinct from 'incoming'
        and not exists (select from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = r.to_id)
        and (p_before_user_id is null or (r.created_at, r.to_id) < (p_before_created_at, p_before_user_id))
    )
  ) w
  join public.profiles p on p.id = w.user_id
  order by w.created_at desc, w.user_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_friend_requests(text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_friend_requests(text, timestamptz, uuid, integer) to authenticated;

create function public.list_friend_requests(
  p_direction text default null,
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.friend_request
language sql stable security invoker set search_path = ''
as $$ select * from private.list_friend_requests(p_direction, p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_friend_requests(text, timestamptz, uuid, integer) is
$$Returns a page of the friend requests from and to the caller, the newest first.
@param p_direction {'incoming' | 'outgoing' | null} only these; left out: both
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_friend_requests(text, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_friend_requests(text, timestamptz, uuid, integer) to authenticated;
