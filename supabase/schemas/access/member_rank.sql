-- member_rank: how high a member stands: the position of the highest role held, 0 with the default role only, and above
-- every role for the owner. Null for who is no member.
create function private.member_rank(p_community_id uuid, p_user_id uuid)
returns integer
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select case
      when c.owner_id = m.user_id then 2147483647
      else coalesce(
        (
          select pg_catalog.max(r.position)
          from public.roles r
          where r.community_id = m.community_id
            and r.id = any (private.granted_role_ids(m.community_id, m.user_id))
        ),
        0
      )
    end
    from public.community_members m
    join public.communities c on c.id = m.community_id
    where m.community_id = p_community_id and m.user_id = p_user_id
  );
end
$$;

revoke all on function private.member_rank(uuid, uuid) from public, anon, authenticated, service_role;
