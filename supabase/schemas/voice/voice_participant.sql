-- voice_participant: a session as everybody sees it who may connect.
create type public.voice_participant as (
  session_id uuid,
  user_id uuid,
  is_self_muted boolean,
  is_self_deafened boolean,
  is_muted boolean,
  can_speak boolean,
  can_stream boolean,
  joined_at timestamptz
);

comment on type public.voice_participant is $$One device of somebody in a voice channel.
@not_null session_id, user_id, is_self_muted, is_self_deafened, is_muted, can_speak, can_stream, joined_at$$;
comment on column public.voice_participant.session_id is 'New at each join: what signals are addressed to.';
comment on column public.voice_participant.is_muted is 'Whether a moderator muted them here.';
comment on column public.voice_participant.can_speak is
'Whether they may be heard: they hold `speak` and no moderator muted them. In a mesh each receiver is to play nobody who may not.';
comment on column public.voice_participant.can_stream is 'Whether their camera and screen may be shown: they hold `stream`.';

create function private.voice_participant(p_session private.voice_sessions)
returns public.voice_participant
language sql stable security definer set search_path = ''
as $$
  select
    p_session.id, p_session.user_id, p_session.is_self_muted, p_session.is_self_deafened, p_session.is_muted,
    p_session.can_speak, p_session.can_stream, p_session.joined_at;
$$;

revoke all on function private.voice_participant(private.voice_sessions) from public, anon, authenticated, service_role;
