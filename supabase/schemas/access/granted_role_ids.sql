-- granted_role_ids: the roles a member holds at this moment beside the default role, sorted, as access classes keep them.
create function private.granted_role_ids(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.role_id
    from public.member_roles m
    where m.community_id = p_community_id
      and m.user_id = p_user_id
      and (m.expires_at is null or m.expires_at > pg_catalog.now())
    order by m.role_id
  );
end
$$;

revoke all on function private.granted_role_ids(uuid, uuid) from public, anon, authenticated, service_role;
