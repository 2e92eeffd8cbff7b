-- user_evidence: a user as the caller sees them at this moment: the profile, and the names in communities that they share, at most 50.
-- The caller has asked the gate.
create function private.user_evidence(p_user_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'user', private.person_evidence(p_user_id),
    'communities', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('id', s.id, 'name', s.name, 'nickname', s.nickname) order by s.id
        ),
        '[]'
      )
      from (
        select c.id, c.name, m.nickname
        from public.community_members mine
        join public.community_members m on m.community_id = mine.community_id and m.user_id = p_user_id
        join public.communities c on c.id = mine.community_id
        where mine.user_id = (select auth.uid())
        order by c.id
        limit 50
      ) s
    )
  );
end
$$;

revoke all on function private.user_evidence(uuid) from public, anon, authenticated, service_role;
