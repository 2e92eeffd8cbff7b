-- sweep_voice: removes sessions that have lapsed, a room at a time: one event for each. Nobody sees them any more (see live_voice_sessions); it
-- is for those who listen. What a single run locks is bounded by p_batch rooms. In the order of ids, as everybody who locks several; and it
-- waits for nobody: what it holds already would wait along, and what is locked now is swept five seconds later.
create function private.sweep_voice(p_batch integer default 2000)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room record;
begin
  for v_room in
    select s.community_id, s.channel_id
    from private.voice_sessions s
    where s.expires_at <= pg_catalog.clock_timestamp()
    group by s.community_id, s.channel_id
    order by s.community_id, s.channel_id
    limit p_batch
  loop
    -- As hold_access does.
    continue when not pg_catalog.pg_try_advisory_xact_lock_shared(
      pg_catalog.hashtextextended(v_room.community_id::text, 0)
    );
    perform from private.voice_rooms r where r.channel_id = v_room.channel_id for no key update skip locked;
    continue when not found;
    -- Asked again: it may have been renewed since it was chosen.
    delete from private.voice_sessions s
    where s.channel_id = v_room.channel_id and s.expires_at <= pg_catalog.clock_timestamp();
  end loop;
end
$$;

revoke all on function private.sweep_voice(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_voice', '5 seconds', 'select private.sweep_voice()');
