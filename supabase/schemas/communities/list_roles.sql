-- list_roles: Gate: membership.
create function private.list_roles(p_community_id uuid)
returns setof public.described_role
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);

  return query
  select (private.describe_role(r)).*
  from public.roles r
  where r.community_id = p_community_id
  order by r.position desc;
end
$$;

revoke all on function private.list_roles(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_roles(uuid) to authenticated;

create function public.list_roles(p_community_id uuid)
returns setof public.described_role
language sql stable security invoker set search_path = ''
as $$ select * from private.list_roles(p_community_id); $$;

comment on function public.list_roles(uuid) is
$$Returns the roles of a community with their permissions, the strongest first and the default role last.
@errors session_required, not_found$$;

revoke all on function public.list_roles(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_roles(uuid) to authenticated;
