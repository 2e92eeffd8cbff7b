-- community_evidence: a community as the caller sees it at this moment: its name, its owner, how many members it has (counted up to 1,000),
-- and the channels that the caller may view. The caller has asked the gate.
create function private.community_evidence(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_community public.communities;
begin
  select c.* into v_community from public.communities c where c.id = p_community_id;
  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'community', pg_catalog.jsonb_build_object('id', v_community.id, 'name', v_community.name),
    'owner', private.person_evidence(v_community.owner_id),
    'members', (
      select pg_catalog.count(*)
      from (select from public.community_members m where m.community_id = p_community_id limit 1000) s
    ),
    'channels', (
      select coalesce(
        pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('id', c.id, 'name', c.name) order by c.id), '[]'
      )
      from public.channels c
      -- Without view_channel there is no right at all (see rights_in).
      where c.community_id = p_community_id and private.channel_permissions(c.id) <> 0
    )
  );
end
$$;

revoke all on function private.community_evidence(uuid) from public, anon, authenticated, service_role;
