-- The topic activity:<access class id>:<community epoch>-<class epoch>: in which channels something is new, for those who see
-- the same ones. Not every member may know of every channel, and nobody joins hundreds of topics: so one topic for each
-- class of members. Only the server sends. Its name changes when somebody leaves the class for one that sees less.
create function private.activity_topic(p_community_id uuid, p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select 'activity:' || a.id || ':' || c.topic_epoch || '-' || a.topic_epoch
    from public.community_members m
    join public.communities c on c.id = m.community_id
    join private.access_classes a on a.id = m.access_class_id
    where m.community_id = p_community_id and m.user_id = p_user_id
      -- A class that counts in a grant that has ended is not to be believed.
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
  );
end
$$;

revoke all on function private.activity_topic(uuid, uuid) from public, anon, authenticated, service_role;

create function private.may_receive_activity_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^activity:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+-[0-9]+$' then coalesce(
      (
        select p_topic = private.activity_topic(a.community_id, (select auth.uid()))
        from private.access_classes a
        where a.id = pg_catalog.split_part(p_topic, ':', 2)::uuid
      ),
      false
    )
    else false
  end;
$$;

revoke all on function private.may_receive_activity_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_activity_topic(text) to authenticated;

select private.register_topic(
  'activity',
  'activity:<access class id>:<community epoch>-<class epoch>: in which channels something is new, for who sees them',
  p_receive => 'may_receive_activity_topic'
);
