-- tell_activity: tells each class of members in which of the channels it sees something is new, every 5 seconds: at most one
-- event for each class, whatever was written. A public thread is told to who reads its channel, a
-- private one to its members. Senders do nothing for it. What is new is found in the feed, from a while before the last run
-- on, because a change is stamped before it commits.
-- Communities in the order of ids, so that two runs do not wait for each other.
create function private.tell_activity(p_since interval default '1 minute')
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
  v_read bigint := private.permission_mask('view_channel', 'read_history');
  v_community record;
begin
  for v_community in
    select c.community_id, pg_catalog.array_agg(c.channel_id) as channel_ids
    from (
      select e.channel_id, pg_catalog.max(e.seq) as last_seq
      from private.channel_events e
      where e.at > pg_catalog.now() - p_since and e.kind = 'created'
      group by e.channel_id
    ) new
    join private.channel_heads c on c.channel_id = new.channel_id and c.deleted_at is null
    left join private.told_activity t on t.channel_id = c.channel_id
    -- Direct channels are told at once (see tell_direct_message).
    where new.last_seq > coalesce(t.told_seq, 0) and c.community_id <> c.channel_id
    group by c.community_id
    order by c.community_id
  loop
    perform private.hold_access(v_community.community_id);

    insert into private.told_activity as t (channel_id, told_seq)
    select h.channel_id, h.last_seq
    from private.channel_heads h
    where h.channel_id = any (v_community.channel_ids) and h.deleted_at is null
    on conflict (channel_id) do update set told_seq = excluded.told_seq;

    perform private.broadcast(
      'activity:' || a.id || ':' || c.topic_epoch || '-' || a.topic_epoch, 'channel_activity',
      pg_catalog.jsonb_build_object('community_id', c.id, 'channels', seen.channels)
    )
    from (
      select
        ca.access_class_id,
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('channel_id', t.channel_id, 'parent_id', h.parent_id, 'last_seq', t.told_seq)
          order by t.channel_id
        ) as channels
      from private.told_activity t
      join private.channel_heads h on h.channel_id = t.channel_id
      join private.channel_access ca
        on ca.channel_id = coalesce(h.parent_id, h.channel_id)
        and case when h.parent_id is null then ca.permissions & v_view <> 0 else ca.permissions & v_read = v_read end
      where t.channel_id = any (v_community.channel_ids)
        and not exists (select from private.threads p where p.id = t.channel_id and p.kind = 'private')
      group by ca.access_class_id
    ) seen
    join private.access_classes a on a.id = seen.access_class_id
    join public.communities c on c.id = a.community_id;

    perform private.broadcast(
      'user:' || mine.user_id, 'thread_activity',
      pg_catalog.jsonb_build_object('community_id', v_community.community_id, 'channels', mine.channels)
    )
    from (
      select
        w.user_id,
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('channel_id', p.id, 'parent_id', p.channel_id, 'last_seq', t.told_seq)
          order by p.id
        ) as channels
      from private.told_activity t
      join private.threads p on p.id = t.channel_id and p.kind = 'private'
      join private.thread_members w on w.thread_id = p.id
      join public.community_members m on m.community_id = w.community_id and m.user_id = w.user_id
      join private.channel_access ca
        on ca.access_class_id = m.access_class_id and ca.channel_id = p.channel_id and ca.permissions & v_read = v_read
      where t.channel_id = any (v_community.channel_ids)
        and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
      group by w.user_id
    ) mine;
  end loop;
end
$$;

revoke all on function private.tell_activity(interval) from public, anon, authenticated, service_role;

select private.schedule_job('tell_activity', '5 seconds', 'select private.tell_activity()');
