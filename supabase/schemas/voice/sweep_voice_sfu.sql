-- sweep_voice_sfu: removes what the SFU could not be told in a day, seven days later, and rooms that are not looked at any more.
create function private.sweep_voice_sfu(p_batch integer default 10000)
returns void
language sql volatile security definer set search_path = ''
as $$
  -- What nobody tries any more is out of the way of what is due.
  update private.voice_sfu_changes c
  set claimable_at = 'infinity'
  where c.session_id = any (array(
    select s.session_id from private.voice_sfu_changes s
    where s.claimable_at <= pg_catalog.clock_timestamp()
      and s.queued_at < pg_catalog.clock_timestamp() - interval '1 day'
    order by s.claimable_at
    limit p_batch
    for update skip locked
  ));

  delete from private.voice_sfu_changes c
  where c.session_id = any (array(
    select s.session_id from private.voice_sfu_changes s
    where s.queued_at < pg_catalog.clock_timestamp() - interval '8 days'
    order by s.queued_at
    limit p_batch
    for update skip locked
  ));

  delete from private.voice_sfu_rooms r
  where r.room = any (array(
    select s.room from private.voice_sfu_rooms s
    where s.watched_until < pg_catalog.clock_timestamp()
    order by s.look_at
    limit p_batch
    for update skip locked
  ));
$$;

revoke all on function private.sweep_voice_sfu(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_voice_sfu', '*/10 * * * *', 'select private.sweep_voice_sfu()');
