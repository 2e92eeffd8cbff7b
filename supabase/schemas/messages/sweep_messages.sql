-- sweep_messages: cuts the change feed behind 72 hours, in bounded batches. A batch every 30 seconds keeps up with 1,600
-- changes a second, which is more than Realtime delivers on most plans.
create function private.sweep_messages(p_batch integer default 50000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.channel_events e
  where (e.channel_id, e.revision) in (
    select s.channel_id, s.revision from private.channel_events s
    where s.at < pg_catalog.now() - interval '72 hours'
    -- The oldest first, so that the feed ends earlier and never has a hole.
    order by s.at, s.revision
    limit p_batch
  );
$$;

revoke all on function private.sweep_messages(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_messages', '30 seconds', 'select private.sweep_messages()');
