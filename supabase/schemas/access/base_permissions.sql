-- base_permissions: tiers 1 and 2 of the rule (see rights_in), for who holds these roles beside the default role.
-- p_member_id matters only where it is the owner.
create function private.base_permissions(p_community_id uuid, p_role_ids uuid[], p_member_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_base bigint;
begin
  select pg_catalog.bit_or(r.permissions) into v_base
  from public.roles r
  where r.community_id = p_community_id and (r.is_default or r.id = any (p_role_ids));

  if v_base & private.permission_mask('administrator') <> 0
    or exists (select from public.communities c where c.id = p_community_id and c.owner_id = p_member_id)
  then
    return (select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k);
  end if;
  return v_base;
end
$$;

revoke all on function private.base_permissions(uuid, uuid[], uuid) from public, anon, authenticated, service_role;
