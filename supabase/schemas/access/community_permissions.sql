-- community_permissions: the caller's mask in the community as a whole; null without membership.
create function private.community_permissions(p_community_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when m.timed_out_until > pg_catalog.now() then private.left_by_timeout(a.permissions, a.id)
      else a.permissions
    end
    from public.community_members m
    join private.access_classes a on a.id = m.access_class_id
    where m.community_id = p_community_id and m.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.community_permissions(uuid) from public, anon, authenticated, service_role;
