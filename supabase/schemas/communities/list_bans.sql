-- list_bans: Gate: ban_members.
create function private.list_bans(p_community_id uuid, p_before_user_id uuid, p_limit integer)
returns setof public.bans
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'ban_members');
  perform private.require_limit(p_limit, 100);

  return query
  select b.*
  from public.bans b
  left join public.bans previous on previous.community_id = p_community_id and previous.user_id = p_before_user_id
  where b.community_id = p_community_id
    and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
    and (p_before_user_id is null or (b.created_at, b.user_id) < (previous.created_at, previous.user_id))
  order by b.created_at desc, b.user_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_bans(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_bans(uuid, uuid, integer) to authenticated;

create function public.list_bans(p_community_id uuid, p_before_user_id uuid default null, p_limit integer default 50)
returns setof public.bans
language sql stable security invoker set search_path = ''
as $$ select * from private.list_bans(p_community_id, p_before_user_id, p_limit); $$;

comment on function public.list_bans(uuid, uuid, integer) is
$$Returns the bans that hold, the newest first. Needs `ban_members`.
@param p_before_user_id go on after this one, the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_bans(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_bans(uuid, uuid, integer) to authenticated;
