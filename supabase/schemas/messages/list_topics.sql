-- list_topics: Gate: membership.
create function private.list_topics(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);
  return pg_catalog.jsonb_build_object(
    'community_topic', private.community_topic(p_community_id),
    'activity_topic', private.activity_topic(p_community_id, (select auth.uid()))
  );
end
$$;

revoke all on function private.list_topics(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_topics(uuid) to authenticated;

create function public.list_topics(p_community_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.list_topics(p_community_id); $$;

comment on function public.list_topics(uuid) is
$$Returns the names of a community's topics for the caller: its structure, and in which channels something is new. They change
with access: ask again after every event with `moved`, and after `access_changed`. `activity_topic` is null for the
moments in which a temporary role has just ended.
@errors session_required, not_found
@returns {{ community_topic: string; activity_topic: string | null }}$$;

revoke all on function public.list_topics(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_topics(uuid) to authenticated;
