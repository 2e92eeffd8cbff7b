-- require_above_role: hierarchy. The role is one of this community's and stands strictly below the caller's highest.
-- Returns it. Holding a permission is another matter: an administrator, too, acts only downwards.
create function private.require_above_role(p_community_id uuid, p_role_id uuid)
returns public.roles
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_role public.roles;
begin
  select r.* into v_role from public.roles r where r.community_id = p_community_id and r.id = p_role_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
    );
  end if;
  if v_role.position >= private.member_rank(p_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This role does not stand below your own.', 403);
  end if;
  return v_role;
end
$$;

revoke all on function private.require_above_role(uuid, uuid) from public, anon, authenticated, service_role;
