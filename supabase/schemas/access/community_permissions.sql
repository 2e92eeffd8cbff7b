-- community_permissions: the caller's mask in the community as a whole; null without membership.
create function private.community_permissions(p_community_id uuid, p_without_timeout boolean default false)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_member record;
begin
  select m.user_id, m.access_expires_at, m.timed_out_until, a.permissions
  into v_member
  from public.community_members m
  join private.access_classes a on a.id = m.access_class_id
  where m.community_id = p_community_id and m.user_id = (select auth.uid());

  if v_member.access_expires_at <= pg_catalog.now() then
    v_member.permissions := private.base_permissions(
      p_community_id, private.granted_role_ids(p_community_id, v_member.user_id), v_member.user_id
    );
  end if;
  if v_member.timed_out_until > pg_catalog.now() and not p_without_timeout then
    return private.left_by_timeout(v_member.permissions, p_community_id, v_member.user_id);
  end if;
  return v_member.permissions;
end
$$;

revoke all on function private.community_permissions(uuid, boolean) from public, anon, authenticated, service_role;
