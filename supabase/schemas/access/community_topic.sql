-- The topic community:<community id>:<epoch>: structure. Members receive; only the server sends.
create function private.community_topic(p_community_id uuid)
returns text
language sql stable security definer set search_path = ''
as $$
  select 'community:' || c.id || ':' || c.topic_epoch from public.communities c where c.id = p_community_id;
$$;

revoke all on function private.community_topic(uuid) from public, anon, authenticated, service_role;

-- The name must be today's: an old epoch is refused to everybody.
create function private.may_receive_community_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^community:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+$' then exists (
      select from public.community_members m
      where m.community_id = pg_catalog.split_part(p_topic, ':', 2)::uuid
        and m.user_id = (select auth.uid())
        and p_topic = private.community_topic(m.community_id)
    )
    else false
  end;
$$;

revoke all on function private.may_receive_community_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_community_topic(text) to authenticated;

select private.register_topic(
  'community',
  'community:<community id>:<epoch>: structure of one community, for its members',
  p_receive => 'may_receive_community_topic'
);
