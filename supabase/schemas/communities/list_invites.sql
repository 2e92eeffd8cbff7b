-- list_invites: Gate: manage_invites. Ended ones are left out. The page goes on by values and not by a row, which may be gone
-- by then.
create function private.list_invites(
  p_community_id uuid,
  p_before_created_at timestamptz,
  p_before_code text,
  p_limit integer
)
returns setof public.invites
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'manage_invites');
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_code is null) then
    perform private.fail(
      'invalid_argument', 'To go on after an invite, give both its time and its code.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_code')
    );
  end if;

  return query
  select i.*
  from public.invites i
  where i.community_id = p_community_id
    and (i.expires_at is null or i.expires_at > pg_catalog.clock_timestamp())
    and (i.max_uses is null or i.uses < i.max_uses)
    and (p_before_code is null or (i.created_at, i.code) < (p_before_created_at, p_before_code))
  order by i.created_at desc, i.code desc
  limit p_limit;
end
$$;

revoke all on function private.list_invites(uuid, timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_invites(uuid, timestamptz, text, integer) to authenticated;

create function public.list_invites(
  p_community_id uuid,
  p_before_created_at timestamptz default null,
  p_before_code text default null,
  p_limit integer default 50
)
returns setof public.invites
language sql stable security invoker set search_path = ''
as $$ select * from private.list_invites(p_community_id, p_before_created_at, p_before_code, p_limit); $$;

comment on function public.list_invites(uuid, timestamptz, text, integer) is
$$Returns a page of the invites by which people can join now, the newest first, with their codes. Needs `manage_invites`.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_code and its `code`; both or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_invites(uuid, timestamptz, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_invites(uuid, timestamptz, text, integer) to authenticated;
