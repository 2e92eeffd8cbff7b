-- require_group: the group is one of this community's, also after the wait for its lock. Returns it.
create function private.require_group(p_community_id uuid, p_group_id uuid)
returns public.channel_groups
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_group public.channel_groups;
begin
  select g.* into v_group from public.channel_groups g where g.community_id = p_community_id and g.id = p_group_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such group in this community.', 404,
      pg_catalog.jsonb_build_object('field', 'p_group_id')
    );
  end if;
  return v_group;
end
$$;

revoke all on function private.require_group(uuid, uuid) from public, anon, authenticated, service_role;
