-- sweep_messages: cuts the change feed behind 72 hours, in bounded batches. A batch every 30 seconds keeps up with 1,600
-- changes a second, which is more than Realtime delivers on most plans. Then removes what deleted channels have left.
-- Rows are named by their place on the disk, within one statement: a join by key would read the whole table for each batch.
create function private.sweep_messages(p_batch integer default 50000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.channel_events e
  where e.ctid = any (array(
    select s.ctid from private.channel_events s
    where s.at < pg_catalog.now() - interval '72 hours'
    -- The oldest first, so that the feed ends earlier and never has a hole.
    order by s.at, s.revision
    limit p_batch
  ));

  delete from public.messages m
  where m.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from public.messages k where k.channel_id = h.channel_id limit p_batch / 10
    ) s
    limit p_batch / 10
  ));

  delete from private.channel_events e
  where e.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from private.channel_events k where k.channel_id = h.channel_id limit p_batch
    ) s
    limit p_batch
  ));

  delete from private.tombstones t
  where t.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from private.tombstones k where k.channel_id = h.channel_id limit p_batch
    ) s
    limit p_batch
  ));

  delete from private.channel_heads h
  where h.deleted_at is not null
    and not exists (select from public.messages m where m.channel_id = h.channel_id)
    and not exists (select from private.tombstones t where t.channel_id = h.channel_id)
    and not exists (select from private.channel_events e where e.channel_id = h.channel_id);

  -- Slow mode is at most 6 hours.
  delete from private.slow_mode_sends s where s.sent_at < pg_catalog.now() - interval '6 hours';
$$;

revoke all on function private.sweep_messages(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_messages', '30 seconds', 'select private.sweep_messages()');
