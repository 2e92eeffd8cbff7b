-- tell_roster: one change of who is in a voice channel: the room's next revision and one broadcast, however many it concerns.
-- The caller holds the community's lock, shared at least, and has changed the sessions. In UTC, because times in it are kept as text.
create function private.tell_roster(p_channel_id uuid, p_present uuid[] default '{}', p_left uuid[] default '{}')
returns void
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_topic text := private.voice_topic(p_channel_id);
  v_revision bigint;
begin
  -- Gone with its channel, which channel_deleted has told, or with the community.
  if v_topic is null then
    return;
  end if;
  update private.voice_rooms r set revision = r.revision + 1
  where r.channel_id = p_channel_id
  returning r.revision into v_revision;
  perform private.broadcast(
    v_topic, 'roster_changed',
    pg_catalog.jsonb_build_object(
      'channel_id', p_channel_id, 'revision', v_revision,
      'present', (
        select coalesce(pg_catalog.jsonb_agg(pg_catalog.to_jsonb(private.voice_participant(s)) order by s.joined_at, s.id), '[]')
        from private.voice_sessions s
        where s.id = any (p_present)
      ),
      'left', pg_catalog.to_jsonb(p_left)
    )
  );
end
$$;

revoke all on function private.tell_roster(uuid, uuid[], uuid[]) from public, anon, authenticated, service_role;

-- However a session ends, those who are left hear of it: one event for each channel.
create function private.tell_ended_voice_sessions()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room record;
begin
  for v_room in
    select g.channel_id, pg_catalog.array_agg(g.id order by g.id) as ids
    from gone_sessions g
    group by g.channel_id
    order by g.channel_id
  loop
    perform private.tell_roster(v_room.channel_id, p_left => v_room.ids);
  end loop;
  return null;
end
$$;

revoke all on function private.tell_ended_voice_sessions() from public, anon, authenticated, service_role;

create trigger voice_tell_ended_sessions
after delete on private.voice_sessions
referencing old table as gone_sessions
for each statement execute function private.tell_ended_voice_sessions();
