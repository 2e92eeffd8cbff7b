-- my_permissions: Gate: membership, and for a channel the right to view it.
create function private.my_permissions(p_community_id uuid, p_channel_id uuid)
returns text[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_channel_id is null then
    return private.permission_keys(private.require_in_community(p_community_id));
  end if;
  if not exists (
    select from public.channels c where c.community_id = p_community_id and c.id = p_channel_id
    union all
    select from private.threads t where t.community_id = p_community_id and t.id = p_channel_id
  ) then
    perform private.require_user();
    perform private.fail(
      'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return private.permission_keys(private.require_in_channel(p_channel_id, 'view_channel'));
end
$$;

revoke all on function private.my_permissions(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.my_permissions(uuid, uuid) to authenticated;

create function public.my_permissions(p_community_id uuid, p_channel_id uuid default null)
returns text[]
language sql stable security invoker set search_path = ''
as $$ select private.my_permissions(p_community_id, p_channel_id); $$;

comment on function public.my_permissions(uuid, uuid) is
$$Returns the keys of the permissions the caller holds at this moment, a timeout counted in.
@param p_channel_id a channel or thread of this community; left out: in the community as a whole
@errors session_required, not_found$$;

revoke all on function public.my_permissions(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.my_permissions(uuid, uuid) to authenticated;
