-- compare_voice_sfu_room: who is in a room of the SFU, or why nobody could see (p_error). Returns who of them has no session in this channel;
-- who has, but may something else there than now, is queued (voice_sfu_changes). Gate: the secret key.
create function private.compare_voice_sfu_room(p_room uuid, p_participants jsonb, p_error text)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
begin
  if p_error is null and coalesce(
    pg_catalog.jsonb_typeof(p_participants) <> 'array'
    or exists (
      select from pg_catalog.jsonb_array_elements(
        case when pg_catalog.jsonb_typeof(p_participants) = 'array' then p_participants else '[]' end
      ) e
      where pg_catalog.jsonb_typeof(e.value) <> 'object'
        or coalesce(e.value ->> 'session_id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        or coalesce(pg_catalog.jsonb_typeof(e.value -> 'can_speak'), '') <> 'boolean'
        or coalesce(pg_catalog.jsonb_typeof(e.value -> 'can_stream'), '') <> 'boolean'
    ),
    true
  ) then
    perform private.fail(
      'invalid_argument', 'Participants are a list of sessions and what they may.', 422,
      pg_catalog.jsonb_build_object('field', 'p_participants')
    );
  end if;

  update private.voice_sfu_rooms r
  set look_at = v_now + interval '15 seconds',
    watched_until = case
      -- Nothing is known, and for a day nothing is forgotten.
      when p_error is null and pg_catalog.jsonb_array_length(p_participants) > 0
        or p_error is not null and coalesce(r.failing_since, v_now) > v_now - interval '1 day'
        then greatest(r.watched_until, v_now + interval '12 minutes')
      else r.watched_until
    end,
    failing_since = case when p_error is not null then coalesce(r.failing_since, v_now) end,
    last_error = pg_catalog.left(p_error, 500)
  where r.room = p_room;
  if p_error is not null then
    return array[]::text[];
  end if;

  -- A session that somebody is changing or ending is left to them; so nobody waits here, holding what another waits for.
  perform private.queue_sfu_update(h.session)
  from (
    select s as session
    from private.voice_sessions s
    join pg_catalog.jsonb_to_recordset(p_participants) as g (session_id uuid, can_speak boolean, can_stream boolean)
      on g.session_id = s.id
    where s.channel_id = p_room
      and s.sfu_token_at is not null
      and (s.can_speak, s.can_stream) <> (g.can_speak, g.can_stream)
      and not exists (select from private.voice_sfu_changes c where c.session_id = s.id)
    order by s.id
    for no key update of s skip locked
  ) h;

  return array(
    select distinct g.session_id::text
    from pg_catalog.jsonb_to_recordset(p_participants) as g (session_id uuid)
    where not exists (
      select from private.live_voice_sessions s where s.id = g.session_id and s.channel_id = p_room
    )
  );
end
$$;

revoke all on function private.compare_voice_sfu_room(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function private.compare_voice_sfu_room(uuid, jsonb, text) to service_role;

create function public.compare_voice_sfu_room(p_room uuid, p_participants jsonb default null, p_error text default null)
returns text[]
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.compare_voice_sfu_room(p_room, p_participants, p_error); $$;

comment on function public.compare_voice_sfu_room(uuid, jsonb, text) is
$$Answers a room that `claim_voice_sfu_rooms` gave out. Returns the sessions that are over, whose participants are to be removed; participants who
may something else than their sessions are given out by `claim_voice_sfu_changes` next. Needs the secret key.
@param p_participants {{ session_id: string; can_speak: boolean; can_stream: boolean }[] | null} who is in the room, by the identity in their token
@param p_error {string | null} why that is not known, up to 500 characters, for an operator
@errors invalid_argument$$;

revoke all on function public.compare_voice_sfu_room(uuid, jsonb, text) from public, anon, authenticated, service_role;
grant execute on function public.compare_voice_sfu_room(uuid, jsonb, text) to service_role;
