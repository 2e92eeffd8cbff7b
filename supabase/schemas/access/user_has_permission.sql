-- user_has_permission: about the caller only. False for who is no member, and so also where there is no such community.
create function private.user_has_permission(p_community_id uuid, p_permission text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_needed bigint := private.permission_mask(p_permission);
begin
  perform private.require_user();
  return coalesce(private.community_permissions(p_community_id) & v_needed <> 0, false);
end
$$;

revoke all on function private.user_has_permission(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.user_has_permission(uuid, text) to authenticated;

create function public.user_has_permission(p_community_id uuid, p_permission text)
returns boolean
language sql stable security invoker set search_path = ''
as $$ select private.user_has_permission(p_community_id, p_permission); $$;

comment on function public.user_has_permission(uuid, text) is
$$Says whether the caller holds a permission in the community as a whole, at this moment. False without membership.
@param p_permission a key of permissions_catalog
@errors session_required, invalid_argument$$;

revoke all on function public.user_has_permission(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.user_has_permission(uuid, text) to authenticated;
