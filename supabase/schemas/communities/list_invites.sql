-- list_invites: Gate: manage_invites. Ended ones are left out.
create function private.list_invites(p_community_id uuid)
returns setof public.invites
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'manage_invites');

  return query
  select i.*
  from public.invites i
  where i.community_id = p_community_id
    and (i.expires_at is null or i.expires_at > pg_catalog.clock_timestamp())
    and (i.max_uses is null or i.uses < i.max_uses)
  order by i.created_at desc, i.code;
end
$$;

revoke all on function private.list_invites(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_invites(uuid) to authenticated;

create function public.list_invites(p_community_id uuid)
returns setof public.invites
language sql stable security invoker set search_path = ''
as $$ select * from private.list_invites(p_community_id); $$;

comment on function public.list_invites(uuid) is
$$Returns the invites by which people can join now, the newest first, with their codes. Needs `manage_invites`.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_invites(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_invites(uuid) to authenticated;
