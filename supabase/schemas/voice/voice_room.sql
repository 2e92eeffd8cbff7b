-- voice_room: a voice channel with who is in it.
create type public.voice_room as (
  community_id uuid,
  channel_id uuid,
  transport text,
  max_participants integer,
  topic text,
  revision bigint,
  participants jsonb
);

comment on type public.voice_room is $$A voice channel and who is in it.
@not_null community_id, channel_id, transport, max_participants, topic, revision, participants$$;
comment on column public.voice_room.transport is $$How sound gets there: to each of the others, or by a server.
@type {'mesh' | 'sfu'}$$;
comment on column public.voice_room.max_participants is 'How many devices may be in it at once.';
comment on column public.voice_room.topic is 'The private topic on which changes are told. It moves when somebody may connect no longer.';
comment on column public.voice_room.revision is 'How many changes were told before this answer.';
comment on column public.voice_room.participants is $$Who is in it, in the order in which they came.
@type {{ session_id: string; user_id: string; is_self_muted: boolean; is_self_deafened: boolean; is_muted: boolean; can_speak: boolean; can_stream: boolean; joined_at: string }[]}$$;

-- In UTC, because times in it are kept as text.
create function private.described_voice_room(p_room private.voice_rooms)
returns public.voice_room
language sql stable security definer set search_path = '' set timezone = 'UTC'
as $$
  select
    p_room.community_id, p_room.channel_id, p_room.transport, p_room.max_participants,
    private.voice_topic(p_room.channel_id), p_room.revision,
    (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.to_jsonb(private.voice_participant(s)) order by s.joined_at, s.id
        ),
        '[]'
      )
      from private.live_voice_sessions l
      join private.voice_sessions s on s.id = l.id
      where l.channel_id = p_room.channel_id
    );
$$;

revoke all on function private.described_voice_room(private.voice_rooms) from public, anon, authenticated, service_role;
