-- voice_session: what the device itself is told of its session.
create type public.voice_session as (
  session_id uuid,
  former_ids uuid[],
  community_id uuid,
  channel_id uuid,
  device_id uuid,
  transport text,
  max_participants integer,
  topic text,
  revision bigint,
  is_self_muted boolean,
  is_self_deafened boolean,
  is_muted boolean,
  can_speak boolean,
  can_stream boolean,
  joined_at timestamptz,
  expires_at timestamptz
);

comment on type public.voice_session is $$The caller's own session in a voice channel: a lease of 45 seconds from its last renewal.
@not_null session_id, former_ids, community_id, channel_id, device_id, transport, max_participants, topic, revision, is_self_muted, is_self_deafened, is_muted, can_speak, can_stream, joined_at, expires_at$$;
comment on column public.voice_session.session_id is 'New at each join, and where a moderator moves it.';
comment on column public.voice_session.former_ids is
'What session_id was before moderators moved the session, up to eight: with the caller''s own in it, it goes on; else this is another that took its place.';
comment on column public.voice_session.transport is $$How sound gets there: to each of the others, or by a server.
@type {'mesh' | 'sfu'}$$;
comment on column public.voice_session.topic is 'The private topic on which changes of who is there are told. It moves when somebody may connect no longer.';
comment on column public.voice_session.revision is 'How many changes of who is there were told; where it is ahead of what a client knows, it asks get_voice.';
comment on column public.voice_session.is_muted is 'Whether a moderator muted the caller here.';

-- In plpgsql for its plan, as voice_topic.
create function private.described_voice_session(p_session private.voice_sessions)
returns public.voice_session
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.voice_session;
begin
  select
    p_session.id, p_session.former_ids, r.community_id, r.channel_id, p_session.device_id, r.transport, r.max_participants,
    private.voice_topic(r.channel_id), r.revision, p_session.is_self_muted, p_session.is_self_deafened, p_session.is_muted,
    p_session.can_speak, p_session.can_stream, p_session.joined_at, p_session.expires_at
  into v_described
  from private.voice_rooms r
  where r.channel_id = p_session.channel_id;
  return v_described;
end
$$;

revoke all on function private.described_voice_session(private.voice_sessions) from public, anon, authenticated, service_role;
