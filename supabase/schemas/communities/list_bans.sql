-- list_bans: Gate: ban_members. The page goes on by values and not by a row, which may be gone by then.
create function private.list_bans(
  p_community_id uuid,
  p_before_created_at timestamptz,
  p_before_user_id uuid,
  p_limit integer
)
returns setof public.bans
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'ban_members');
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a ban, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select b.*
  from public.bans b
  where b.community_id = p_community_id
    and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
    and (p_before_user_id is null or (b.created_at, b.user_id) < (p_before_created_at, p_before_user_id))
  order by b.created_at desc, b.user_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_bans(uuid, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_bans(uuid, timestamptz, uuid, integer) to authenticated;

create function public.list_bans(
  p_community_id uuid,
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.bans
language sql stable security invoker set search_path = ''
as $$ select * from private.list_bans(p_community_id, p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_bans(uuid, timestamptz, uuid, integer) is
$$Returns a page of the bans that hold, the newest first. Needs `ban_members`.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_bans(uuid, timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_bans(uuid, timestamptz, uuid, integer) to authenticated;
