-- Generated from supabase/schemas/voice by npm run generate; do not edit.

-- schemas/voice/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('voice_join', 30, '5 minutes', 'Joins of voice, per user: flitting through the channels passes; each is told to all who are in one'),
  ('voice_state', 60, '1 minute', 'Changes of one''s own mute and deafen, per user: a key held down passes for a minute; each is told to all in the channel'),
  ('voice_signal', 300, '30 seconds', 'Signals sent to others in voice, per user: joining a full room at once passes, and two rooms from two devices'),
  ('voice_signal_bytes', 524288, '1 minute', 'What these signals carry, per user: 80 descriptions of sound, camera and screen pass; broadcasts are kept for three days'),
  ('voice_ice', 30, '10 minutes', 'Times somebody asks for ICE servers, per user: three devices that flit through the channels pass; each may cost at a provider'),
  ('voice_token', 60, '10 minutes', 'Tokens for the SFU, per user: three devices that flit through the channels and reconnect pass');

-- schemas/voice/recorded_operations.sql

insert into private.recorded_operations (name, description) values
  ('voice_ice.issue', 'Servers and credentials for a voice channel are asked for'),
  ('voice_ice.provider', 'What the provider of TURN credentials did: its failures leave a call with STUN alone'),
  ('voice_token', 'A token for the SFU is asked for'),
  ('voice_sfu.remove', 'A session that is over is removed from the SFU'),
  ('voice_sfu.update', 'What a session may publish is changed at the SFU'),
  ('voice_sfu.look', 'A room of the SFU is compared with the sessions');

-- schemas/voice/voice_rooms.sql

-- voice_rooms: what a channel of kind 'voice' is beside a channel. Its row is locked by everything that changes who is in it, so its
-- seats are counted right and its revisions have no gaps; a renewal leaves it alone.
create table private.voice_rooms (
  channel_id uuid primary key,
  community_id uuid not null,
  transport text not null default 'mesh' check (transport in ('mesh', 'sfu')),
  max_participants integer not null default 8 check (max_participants between 1 and 500),
  revision bigint not null default 0,
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade,
  -- In a mesh everybody sends to everybody.
  check (transport = 'sfu' or max_participants <= 16)
)
with (fillfactor = 50);

create index voice_rooms_community_id on private.voice_rooms (community_id, channel_id);

revoke all on table private.voice_rooms from public, anon, authenticated, service_role;

-- Every voice channel has its room from its first moment on.
create function private.create_voice_rooms()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.voice_rooms (channel_id, community_id)
  select c.id, c.community_id from new_channels c where c.kind = 'voice';
  return null;
end
$$;

revoke all on function private.create_voice_rooms() from public, anon, authenticated, service_role;

-- And those that were there before.
insert into private.voice_rooms (channel_id, community_id)
select c.id, c.community_id from public.channels c where c.kind = 'voice';

create trigger voice_create_rooms
after insert on public.channels
referencing new table as new_channels
for each statement execute function private.create_voice_rooms();

-- schemas/voice/voice_sessions.sql

-- voice_sessions: the roster of record. A session is a lease: one device of one user in one voice channel, for 45 seconds from its last
-- renewal. It is deleted in the transaction in which the right to it ends.
-- is_muted, can_speak and can_stream are what the others were last told; refresh_voice_sessions keeps them to the facts.
-- No index has expires_at, and half of each page is free: a renewal, of which there are thousands for each join, rewrites its row within
-- the page and no index with it. The sweep reads the table from end to end.
create table private.voice_sessions (
  user_id uuid not null references public.profiles (id) on delete cascade,
  device_id uuid not null,
  id uuid not null unique default pg_catalog.gen_random_uuid(),
  community_id uuid not null,
  channel_id uuid not null references private.voice_rooms (channel_id) on delete cascade,
  is_self_muted boolean not null default false,
  is_self_deafened boolean not null default false,
  is_muted boolean not null,
  can_speak boolean not null,
  can_stream boolean not null,
  -- Which it was before moderators moved it: the last eight.
  former_ids uuid[] not null default '{}',
  -- Where it was meanwhile, for a device that does not know yet.
  former_channel_ids uuid[] not null default '{}',
  -- When it was last given a token for the SFU.
  sfu_token_at timestamptz,
  joined_at timestamptz not null default pg_catalog.clock_timestamp(),
  expires_at timestamptz not null default pg_catalog.clock_timestamp() + interval '45 seconds',
  primary key (user_id, device_id)
)
with (fillfactor = 50);

create index voice_sessions_channel_id on private.voice_sessions (channel_id);

revoke all on table private.voice_sessions from public, anon, authenticated, service_role;

-- What everything reads: a lease past its time is none, also before the sweep comes.
create view private.live_voice_sessions as
select s.* from private.voice_sessions s where s.expires_at > pg_catalog.clock_timestamp();

revoke all on table private.live_voice_sessions from public, anon, authenticated, service_role;

-- schemas/voice/voice_sfu_changes.sql

-- voice_sfu_changes: what the SFU has yet to be told of sessions that were given a token for it, one row a session: the latest state wins. It
-- is written in the transaction that ends the session or changes its rights, and goes when the SFU has done it.
-- Whoever claims a row has it for a minute. What fails is tried again after 15 seconds, 30, a minute, then every two, for a day; then it
-- stays, with its last error, for seven more, for whoever looks (watch_voice_sfu says while it matters that there is something to see).
-- What it does to a connection lasts only until somebody comes back with an older token: see voice_sfu_rooms.
create table private.voice_sfu_changes (
  session_id uuid primary key,
  -- Of the channel, which may be gone already: the SFU's room has this name.
  room uuid not null,
  is_removal boolean not null,
  can_speak boolean not null,
  can_stream boolean not null,
  version bigint generated by default as identity,
  queued_at timestamptz not null default pg_catalog.clock_timestamp(),
  claimable_at timestamptz not null default pg_catalog.clock_timestamp(),
  claimed_at timestamptz,
  tries integer not null default 0,
  last_tried_at timestamptz,
  last_error text
);

comment on column private.voice_sfu_changes.version is
'New with each change of the row and never used twice: whoever has done an older one has not done this.';

create index voice_sfu_changes_claimable_at on private.voice_sfu_changes (claimable_at);
create index voice_sfu_changes_queued_at on private.voice_sfu_changes (queued_at);

revoke all on table private.voice_sfu_changes from public, anon, authenticated, service_role;

-- What is to be done now. Whose claim has not lapsed is at work on it.
create view private.due_voice_sfu_changes as
select c.* from private.voice_sfu_changes c
where c.claimable_at <= pg_catalog.clock_timestamp()
  and c.queued_at > pg_catalog.clock_timestamp() - interval '1 day'
  and (c.claimed_at is null or c.claimed_at < pg_catalog.clock_timestamp() - interval '1 minute');

revoke all on table private.due_voice_sfu_changes from public, anon, authenticated, service_role;

-- Whatever ended them: a session is over when its row is gone, and its id never comes back.
-- A removal does not wait for what somebody has claimed of the session before: after it nothing else has an effect.
create function private.queue_sfu_removals()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.voice_sfu_changes as c (session_id, room, is_removal, can_speak, can_stream)
  select g.id, g.channel_id, true, false, false
  from gone_sessions g
  where g.sfu_token_at is not null
  -- In one order for everybody, so that no two transactions wait for each other crosswise.
  order by g.id
  on conflict (session_id) do update
    set is_removal = true, can_speak = false, can_stream = false, version = excluded.version, queued_at = excluded.queued_at,
      claimable_at = excluded.claimable_at, claimed_at = null, tries = 0, last_tried_at = null, last_error = null;
  return null;
end
$$;

revoke all on function private.queue_sfu_removals() from public, anon, authenticated, service_role;

create trigger voice_queue_sfu_removals
after delete on private.voice_sessions
referencing old table as gone_sessions
for each statement execute function private.queue_sfu_removals();

-- A claim of the state before is left in place: two requests under way at once might arrive in the other order.
create function private.queue_sfu_update(p_session private.voice_sessions)
returns void
language sql volatile security definer set search_path = ''
as $$
  insert into private.voice_sfu_changes as c (session_id, room, is_removal, can_speak, can_stream)
  values (p_session.id, p_session.channel_id, false, p_session.can_speak, p_session.can_stream)
  on conflict (session_id) do update
    set can_speak = excluded.can_speak, can_stream = excluded.can_stream, version = excluded.version, queued_at = excluded.queued_at,
      claimable_at = excluded.claimable_at, tries = 0
    where not c.is_removal;
$$;

revoke all on function private.queue_sfu_update(private.voice_sessions) from public, anon, authenticated, service_role;

create function private.queue_sfu_update_of_session()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.queue_sfu_update(new);
  return null;
end
$$;

revoke all on function private.queue_sfu_update_of_session() from public, anon, authenticated, service_role;

-- By row, which takes a list of columns: a renewal writes expires_at alone, and there are thousands of them for each change of rights.
create trigger voice_queue_sfu_update
after update of can_speak, can_stream on private.voice_sessions
for each row
when (
  new.sfu_token_at is not null
  and (old.can_speak is distinct from new.can_speak or old.can_stream is distinct from new.can_stream)
)
execute function private.queue_sfu_update_of_session();

-- schemas/voice/voice_sfu_rooms.sql

-- voice_sfu_rooms: rooms of the SFU in which somebody may be. Each is looked at every 15 seconds, and who is in it is compared with the
-- sessions (compare_voice_sfu_room).
-- A token for the SFU works until it ends, and the SFU gives everybody who is connected new ones, good for ten minutes, without asking
-- anybody. So whoever was removed may come back, if only for a moment, and have a fresh one then. Repeating each removal for as long as the
-- first tokens last would not end that; comparing does, whatever they hold, and it costs the same however many came and went.
-- A room is looked at until 17 minutes after the last token of ours for it (five in which it is used, a minute by which clocks may differ,
-- ten of the SFU's own and another minute) and until 12 minutes after somebody was last seen in it. Later nobody is there but who comes
-- back unseen, alone: the next token that anybody is given for the room has it looked at again.
create table private.voice_sfu_rooms (
  -- The channel's id. It may be gone already.
  room uuid primary key,
  watched_until timestamptz not null,
  look_at timestamptz not null default pg_catalog.clock_timestamp() + interval '15 seconds',
  -- Since when no look has succeeded.
  failing_since timestamptz,
  last_error text
);

create index voice_sfu_rooms_look_at on private.voice_sfu_rooms (look_at);

revoke all on table private.voice_sfu_rooms from public, anon, authenticated, service_role;

-- What is to be looked at now.
create view private.due_voice_sfu_rooms as
select r.* from private.voice_sfu_rooms r
where r.look_at <= pg_catalog.clock_timestamp() and r.watched_until > pg_catalog.clock_timestamp();

revoke all on table private.due_voice_sfu_rooms from public, anon, authenticated, service_role;

-- schemas/voice/voice_mutes.sql

-- voice_mutes: whom moderators have muted in which voice channel. A fact of its own, so that leaving and coming back does not end it.
create table private.voice_mutes (
  channel_id uuid not null references private.voice_rooms (channel_id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  muted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, user_id)
);

create index voice_mutes_user_id on private.voice_mutes (user_id);

revoke all on table private.voice_mutes from public, anon, authenticated, service_role;

-- schemas/voice/voice_topic.sql

-- The topic voice:<community id>:<channel id>:<community epoch>-<channel epoch>: who is in a voice channel. Who may connect receives and
-- may be present, with a session or without one; only the server sends. Presence is decoration: what counts are the sessions.
-- The epochs are the channel's own (see channel_topic): whoever loses connect moves them as whoever loses the history does.
-- Each join, leave and renewal asks for it, so it is in plpgsql, which keeps the plan: one in sql is planned anew with each call.
create function private.voice_topic(p_channel_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select 'voice:' || c.community_id || ':' || c.id || ':' || m.topic_epoch || '-' || c.topic_epoch
    from public.channels c
    join public.communities m on m.id = c.community_id
    where c.id = p_channel_id and c.kind = 'voice'
  );
end
$$;

revoke all on function private.voice_topic(uuid) from public, anon, authenticated, service_role;

create function private.may_use_voice_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^voice(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}:[0-9]+-[0-9]+$' then coalesce(
      p_topic = private.voice_topic(pg_catalog.split_part(p_topic, ':', 3)::uuid)
      and private.channel_permissions(pg_catalog.split_part(p_topic, ':', 3)::uuid)
        & private.permission_mask('connect') <> 0,
      false
    )
    else false
  end;
$$;

revoke all on function private.may_use_voice_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_use_voice_topic(text) to authenticated;

select private.register_topic(
  'voice',
  'voice:<community id>:<channel id>:<community epoch>-<channel epoch>: who is in a voice channel, for who may connect',
  p_receive => 'may_use_voice_topic',
  p_presence => 'may_use_voice_topic'
);

-- schemas/voice/events.sql

-- A participant is as list_voice and get_voice give it.
insert into private.topic_events (prefix, event, description) values
  ('voice', 'roster_changed', 'Somebody came, changed or went. Payload: channel_id, revision (one more than before), present (participants that came or changed), left (session ids)'),
  ('voice', 'moved', 'Last event on this name: somebody may connect no longer. Ask renew_voice or get_voice for the new one. Payload: channel_id'),
  ('user', 'webrtc-signal', 'Somebody in the same voice channel signals to you. Payload: channel_id, from_user_id, from_session_id, to_session_id (null: all of yours in the channel), kind, payload'),
  ('user', 'voice_session_moved', 'A moderator moved you. Payload: channel_id, session_id, to_channel_id, to_session_id'),
  ('user', 'voice_session_ended', 'A moderator disconnected you. Payload: channel_id, session_ids');

-- schemas/voice/voice_participant.sql

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

-- schemas/voice/voice_session.sql

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

-- schemas/voice/voice_room.sql

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

-- schemas/voice/tell_roster.sql

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

-- schemas/voice/move_voice_topics.sql

-- A room's topic moves with the channel's and the community's epochs. Those in it hear that as the old name's last word, and need
-- no other topic for it; where nobody is in it nothing is sent, and who only looks on hears of it from the community.
create function private.move_voice_topic_of_channel()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'voice:' || old.community_id || ':' || old.id || ':' || c.topic_epoch || '-' || old.topic_epoch, 'moved',
    pg_catalog.jsonb_build_object('channel_id', old.id)
  )
  from public.communities c
  where c.id = old.community_id and exists (select from private.voice_sessions s where s.channel_id = old.id);
  return null;
end
$$;

revoke all on function private.move_voice_topic_of_channel() from public, anon, authenticated, service_role;

create trigger voice_move_topic_of_channel
after update of topic_epoch on public.channels
for each row when (old.kind = 'voice' and old.topic_epoch <> new.topic_epoch)
execute function private.move_voice_topic_of_channel();

create function private.move_voice_topics_of_community()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'voice:' || old.id || ':' || c.id || ':' || old.topic_epoch || '-' || c.topic_epoch, 'moved',
    pg_catalog.jsonb_build_object('channel_id', c.id)
  )
  from private.voice_rooms r
  join public.channels c on c.id = r.channel_id
  where r.community_id = old.id and exists (select from private.voice_sessions s where s.channel_id = r.channel_id);
  return null;
end
$$;

revoke all on function private.move_voice_topics_of_community() from public, anon, authenticated, service_role;

create trigger voice_move_topics_of_community
after update of topic_epoch on public.communities
for each row when (old.topic_epoch <> new.topic_epoch)
execute function private.move_voice_topics_of_community();

-- schemas/voice/refresh_voice_sessions.sql

-- refresh_voice_sessions: keeps sessions to what their users may now: who may connect no longer is out, and who may speak or stream, or
-- may not any more, is shown so. The caller holds change_access for the community.
create function private.refresh_voice_sessions(p_session_ids uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_connect bigint := private.permission_mask('connect');
  v_speak bigint := private.permission_mask('speak');
  v_stream bigint := private.permission_mask('stream');
  v_room record;
  v_changed uuid[];
begin
  delete from private.voice_sessions s
  where s.id = any (p_session_ids)
    and coalesce(private.channel_permissions(s.channel_id, p_user_id => s.user_id), 0) & v_connect = 0;

  with changed as (
    update private.voice_sessions s
    set is_muted = n.is_muted, can_speak = n.can_speak, can_stream = n.can_stream
    from (
      select
        h.id, h.is_muted,
        h.permissions & v_speak <> 0 and not h.is_muted as can_speak,
        h.permissions & v_stream <> 0 as can_stream
      from (
        select
          o.id, private.channel_permissions(o.channel_id, p_user_id => o.user_id) as permissions,
          exists (select from private.voice_mutes u where u.channel_id = o.channel_id and u.user_id = o.user_id) as is_muted
        from private.voice_sessions o
        where o.id = any (p_session_ids)
      ) h
    ) n
    where s.id = n.id and (s.is_muted, s.can_speak, s.can_stream) <> (n.is_muted, n.can_speak, n.can_stream)
    returning s.channel_id, s.id
  )
  select pg_catalog.array_agg(c.id) into v_changed from changed c;

  for v_room in
    select s.channel_id, pg_catalog.array_agg(s.id) as ids
    from private.voice_sessions s
    where s.id = any (v_changed)
    group by s.channel_id
    order by s.channel_id
  loop
    perform private.tell_roster(v_room.channel_id, p_present => v_room.ids);
  end loop;
end
$$;

revoke all on function private.refresh_voice_sessions(uuid[]) from public, anon, authenticated, service_role;

-- What has changed is found by `except` and not by joining old to new: a plan is kept from one change to the next, and one made for a
-- single row would compare each of 10,000 with each. And it is the sessions whose members are looked up (`limit 1` keeps the planner to it):
-- nearly everybody may be of one class, and to go through them for each answer that changed took seconds.
-- A role, an overwrite or the owner changed, and with it what whole classes may in some channels.
create function private.refresh_voice_after_resolution()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_voice bigint := private.permission_mask('connect', 'speak', 'stream');
begin
  perform private.refresh_voice_sessions(array(
    with changed as materialized (
      select n.access_class_id, n.channel_id, n.permissions & v_voice from new_access n
      except
      select o.access_class_id, o.channel_id, o.permissions & v_voice from old_access o
    ),
    seated as materialized (
      select s.id, s.channel_id, m.access_class_id, m.has_ended
      from private.voice_sessions s
      cross join lateral (
        select b.access_class_id, b.access_expires_at <= pg_catalog.now() as has_ended
        from public.community_members b
        where b.community_id = s.community_id and b.user_id = s.user_id
        limit 1
      ) m
      where s.channel_id in (select c.channel_id from changed c)
    )
    select t.id from seated t
    -- Whose grants have ended is asked of the rule: the stored answer of their class may not show what changed for them.
    where t.has_ended or exists (
      select from changed c where c.access_class_id = t.access_class_id and c.channel_id = t.channel_id
    )
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_after_resolution() from public, anon, authenticated, service_role;

create trigger voice_refresh_after_resolution
after update on private.channel_access
referencing old table as old_access new table as new_access
for each statement execute function private.refresh_voice_after_resolution();

-- Administrators are exempt from timeouts: with `administrator` may go what no stored answer shows (see left_by_timeout).
create function private.refresh_voice_after_administration()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_administrator bigint := private.permission_mask('administrator');
begin
  perform private.refresh_voice_sessions(array(
    with changed as materialized (
      select n.community_id, n.id, n.permissions & v_administrator from new_classes n
      except
      select o.community_id, o.id, o.permissions & v_administrator from old_classes o
    ),
    seated as materialized (
      select s.id, s.community_id, m.access_class_id
      from private.voice_sessions s
      cross join lateral (
        select b.access_class_id
        from public.community_members b
        where b.community_id = s.community_id and b.user_id = s.user_id and b.timed_out_until is not null
        limit 1
      ) m
      where s.community_id in (select c.community_id from changed c)
    )
    select t.id from seated t
    where exists (select from changed c where c.id = t.access_class_id and c.community_id = t.community_id)
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_after_administration() from public, anon, authenticated, service_role;

create trigger voice_refresh_after_administration
after update on private.access_classes
referencing old table as old_classes new table as new_classes
for each statement execute function private.refresh_voice_after_administration();

-- Members got another class or a timeout.
create function private.refresh_voice_of_members()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.refresh_voice_sessions(array(
    select s.id
    from (
      select n.community_id, n.user_id, n.access_class_id, n.timed_out_until, n.access_expires_at from new_members n
      except
      select o.community_id, o.user_id, o.access_class_id, o.timed_out_until, o.access_expires_at from old_members o
    ) c
    join private.voice_sessions s on s.user_id = c.user_id and s.community_id = c.community_id
  ));
  return null;
end
$$;

revoke all on function private.refresh_voice_of_members() from public, anon, authenticated, service_role;

create trigger voice_refresh_of_members
after update on public.community_members
referencing old table as old_members new table as new_members
for each statement execute function private.refresh_voice_of_members();

-- Members are none any more, by whatever way.
create function private.end_voice_of_departed()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.voice_sessions s
  using gone_members g
  where s.user_id = g.user_id and s.community_id = g.community_id;
  return null;
end
$$;

revoke all on function private.end_voice_of_departed() from public, anon, authenticated, service_role;

create trigger voice_end_of_departed
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.end_voice_of_departed();

-- schemas/voice/require_voice_room.sql

-- require_voice_room: the room of a channel that the caller has passed the gate of.
create function private.require_voice_room(p_channel_id uuid)
returns private.voice_rooms
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
begin
  select r.* into v_room from private.voice_rooms r where r.channel_id = p_channel_id;
  if not found then
    perform private.fail(
      'invalid_argument', 'This is no voice channel.', 422, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_room;
end
$$;

revoke all on function private.require_voice_room(uuid) from public, anon, authenticated, service_role;

-- schemas/voice/find_voice_session.sql

-- find_voice_session: the session, live or lapsed, that a device of the caller's has in a channel, or had there before moderators moved it: the
-- device may not know yet. With p_session_id, that one alone or what became of it. Null: there is none.
create function private.find_voice_session(p_channel_id uuid, p_device_id uuid, p_session_id uuid default null)
returns private.voice_sessions
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  select s.* into v_session
  from private.voice_sessions s
  where s.user_id = (select auth.uid()) and s.device_id = p_device_id
    and p_channel_id = any (s.former_channel_ids || s.channel_id)
    and (p_session_id is null or p_session_id = any (s.former_ids || s.id));
  return v_session;
end
$$;

revoke all on function private.find_voice_session(uuid, uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/voice/refuse_voice_device.sql

-- refuse_voice_device: a device of the caller's has no live session where it says. The refusal tells whether it has one elsewhere: whoever
-- comes back then would end what the same person began meanwhile.
create function private.refuse_voice_device(p_device_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.fail(
    'expired', 'You are not in this voice channel, or no longer: join it.', 410,
    pg_catalog.jsonb_build_object('elsewhere', exists (
      select from private.live_voice_sessions s where s.user_id = (select auth.uid()) and s.device_id = p_device_id
    ))
  );
end
$$;

revoke all on function private.refuse_voice_device(uuid) from public, anon, authenticated, service_role;

-- schemas/voice/require_voice_session.sql

-- require_voice_session: the live session of a device of the caller's in a channel.
create function private.require_voice_session(p_channel_id uuid, p_device_id uuid)
returns private.voice_sessions
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  select s.* into v_session
  from private.live_voice_sessions s
  where s.user_id = (select auth.uid()) and s.device_id = p_device_id and s.channel_id = p_channel_id;
  if not found then
    perform private.refuse_voice_device(p_device_id);
  end if;
  return v_session;
end
$$;

revoke all on function private.require_voice_session(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/voice/require_seats.sql

-- require_seats: a voice channel has seats for so many more. Whoever is to be sure of them at the commit holds the room's row.
create function private.require_seats(p_room private.voice_rooms, p_more integer)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_more + (
    select pg_catalog.count(*) from private.live_voice_sessions s where s.channel_id = p_room.channel_id
  ) > p_room.max_participants then
    perform private.fail(
      'limit_reached', 'This voice channel is full.', 409, pg_catalog.jsonb_build_object('max', p_room.max_participants)
    );
  end if;
end
$$;

revoke all on function private.require_seats(private.voice_rooms, integer) from public, anon, authenticated, service_role;

-- schemas/voice/require_in_voice.sql

-- require_in_voice: somebody else has a live session in a voice channel; with p_session_id, that one. p_field is what the
-- caller named them by.
create function private.require_in_voice(
  p_channel_id uuid,
  p_user_id uuid,
  p_session_id uuid default null,
  p_field text default 'p_user_id'
)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (
    select from private.live_voice_sessions s
    where s.channel_id = p_channel_id and s.user_id = p_user_id and (p_session_id is null or s.id = p_session_id)
  ) then
    perform private.fail(
      'not_found', 'They are not in this voice channel.', 404, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
end
$$;

revoke all on function private.require_in_voice(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;

-- schemas/voice/begin_voice.sql

-- begin_voice: the gate of what somebody does in a voice channel for themselves: the community's lock, shared, before the gate (see
-- hold_access), then connect.
create function private.begin_voice(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.hold_access(r.community_id) from private.voice_rooms r where r.channel_id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'connect');
  perform private.require_voice_room(p_channel_id);
end
$$;

revoke all on function private.begin_voice(uuid) from public, anon, authenticated, service_role;

-- schemas/voice/join_voice.sql

-- join_voice: Gate: connect. Limits: voice_join per user. Locks: the communities', then the rooms' of the new channel and of the one that
-- the device is in, each in one order.
create function private.join_voice(p_channel_id uuid, p_device_id uuid)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_from_id uuid := (
    select s.channel_id from private.voice_sessions s where s.user_id = v_user_id and s.device_id = p_device_id
  );
  v_held bigint;
  v_room private.voice_rooms;
  v_session private.voice_sessions;
begin
  perform private.hold_access(h.community_id)
  from (
    select distinct r.community_id from private.voice_rooms r
    where r.channel_id in (p_channel_id, v_from_id)
    order by r.community_id
  ) h;
  v_held := private.require_in_channel(p_channel_id, 'connect');
  perform private.require_voice_room(p_channel_id);
  if p_device_id is null then
    perform private.fail(
      'invalid_argument', 'A device has an id.', 422, pg_catalog.jsonb_build_object('field', 'p_device_id')
    );
  end if;
  -- Holds this user's other joins until the commit, and so what is counted next.
  perform private.take_token('voice_join', v_user_id::text);
  if (
    select pg_catalog.count(*) from private.live_voice_sessions s
    where s.user_id = v_user_id and s.device_id <> p_device_id
  ) >= 3 then
    perform private.fail(
      'limit_reached', 'You are in voice with three devices already.', 409, pg_catalog.jsonb_build_object('max', 3)
    );
  end if;

  perform from private.voice_rooms r
  where r.channel_id in (p_channel_id, v_from_id)
  order by r.community_id, r.channel_id
  for no key update;
  v_room := private.require_voice_room(p_channel_id);

  delete from private.voice_sessions s
  where s.user_id = v_user_id and s.device_id = p_device_id and s.channel_id in (p_channel_id, v_from_id);
  -- Who has lapsed holds no seat.
  delete from private.voice_sessions s
  where s.channel_id = p_channel_id and s.expires_at <= pg_catalog.clock_timestamp();
  perform private.require_seats(v_room, 1);

  v_session.is_muted := exists (
    select from private.voice_mutes u where u.channel_id = p_channel_id and u.user_id = v_user_id
  );
  insert into private.voice_sessions (user_id, device_id, community_id, channel_id, is_muted, can_speak, can_stream)
  values (
    v_user_id, p_device_id, v_room.community_id, p_channel_id, v_session.is_muted,
    v_held & private.permission_mask('speak') <> 0 and not v_session.is_muted,
    v_held & private.permission_mask('stream') <> 0
  )
  on conflict (user_id, device_id) do nothing
  returning * into v_session;
  if not found then
    perform private.fail('conflict', 'This device is joining another channel at this very moment: try again.', 409);
  end if;
  perform private.tell_roster(p_channel_id, p_present => array[v_session.id]);
  return private.described_voice_session(v_session);
end
$$;

revoke all on function private.join_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.join_voice(uuid, uuid) to authenticated;

create function public.join_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.join_voice(p_channel_id, p_device_id); $$;

comment on function public.join_voice(uuid, uuid) is
$$Takes a seat in a voice channel for one device of the caller's. The seat is a lease of 45 seconds: `renew_voice` every 15 keeps it. It takes the place of
whatever session the device had, here or elsewhere, in any community. Needs `connect`. `limit_reached`: all seats are taken, or the
caller is in voice with three other devices.
@param p_device_id an id that the device made for itself; left out: the one device of somebody who has no other
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, conflict, rate_limited
@sdk openSession$$;

revoke all on function public.join_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_voice(uuid, uuid) to authenticated;

-- schemas/voice/renew_voice.sql

-- renew_voice: Gate: connect, asked each time: who lost it by time alone is refused here. One row is written, in place, and no lock but
-- that row's is taken: nothing is told. What is renewed within 5 seconds is not written again, which bounds what a flood of calls does.
create function private.renew_voice(p_channel_id uuid, p_device_id uuid)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_session private.voice_sessions;
begin
  for v_turn in 1..3 loop
    v_session := private.find_voice_session(p_channel_id, p_device_id);
    -- Where one was moved from counts no more.
    perform private.require_in_channel(
      case when v_session.expires_at > v_now then v_session.channel_id else p_channel_id end, 'connect'
    );
    if v_session.expires_at > v_now is not true then
      perform private.require_voice_room(p_channel_id);
      v_session := private.require_voice_session(p_channel_id, p_device_id);
    end if;
    if v_session.expires_at >= v_now + interval '40 seconds' then
      return private.described_voice_session(v_session);
    end if;

    update private.voice_sessions s
    set expires_at = v_now + interval '45 seconds',
      -- Whoever names the channel that it is in knows of the moves.
      former_channel_ids = case when s.channel_id = p_channel_id then array[]::uuid[] else s.former_channel_ids end
    where s.id = v_session.id
    returning s.* into v_session;
    if found then
      return private.described_voice_session(v_session);
    end if;
    -- Ended or moved while we waited for its row: looks again.
  end loop;
  perform private.fail('conflict', 'This session is being moved at this very moment: try again.', 409);
  return null;
end
$$;

revoke all on function private.renew_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.renew_voice(uuid, uuid) to authenticated;

create function public.renew_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.renew_voice(p_channel_id, p_device_id); $$;

comment on function public.renew_voice(uuid, uuid) is
$$Keeps the caller's seat in a voice channel for another 45 seconds; call it every 15. `expired`: there is no such session, or no longer; its
detail `elsewhere` says whether the device has one in another channel, which joining here again would end. Where a moderator moved it, the
answer is the session in the other channel. Needs `connect`.
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, expired
@idempotent
@sdk renewSession$$;

revoke all on function public.renew_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.renew_voice(uuid, uuid) to authenticated;

-- schemas/voice/leave_voice.sql

-- leave_voice: no gate: it ends what is the caller's own, and tells nothing of a channel where there is none. No limit: there is one for
-- each join. A session that a moderator has moved is left by the channel and the id that it had, too: the device may not know yet.
create function private.leave_voice(p_channel_id uuid, p_device_id uuid, p_session_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  perform private.require_user();
  v_session := private.find_voice_session(p_channel_id, p_device_id, p_session_id);
  if v_session.id is null then
    return false;
  end if;
  perform private.hold_access(v_session.community_id);
  -- Whoever moved it while we waited has left it with another id, in another channel of the same community.
  v_session := private.find_voice_session(p_channel_id, p_device_id, p_session_id);
  perform from private.voice_rooms r where r.channel_id = v_session.channel_id for no key update;
  delete from private.voice_sessions s where s.id = v_session.id;
  return found;
end
$$;

revoke all on function private.leave_voice(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_voice(uuid, uuid, uuid) to authenticated;

create function public.leave_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000',
  p_session_id uuid default null
)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_voice(p_channel_id, p_device_id, p_session_id); $$;

comment on function public.leave_voice(uuid, uuid, uuid) is
$$Gives the seat of one of the caller's devices in a voice channel up, and says whether it had one.
@param p_device_id as it was given to `join_voice`
@param p_session_id this session alone, and none that the device has taken since; left out: whichever it has there
@errors session_required
@idempotent
@sdk closeSession$$;

revoke all on function public.leave_voice(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_voice(uuid, uuid, uuid) to authenticated;

-- schemas/voice/set_voice_state.sql

-- set_voice_state: Gate: connect, and a session. Limits: voice_state per user. What is left out stays.
create function private.set_voice_state(
  p_channel_id uuid,
  p_is_self_muted boolean,
  p_is_self_deafened boolean,
  p_device_id uuid
)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old private.voice_sessions;
  v_session private.voice_sessions;
begin
  perform private.begin_voice(p_channel_id);
  perform private.take_token('voice_state', (select auth.uid())::text);
  perform from private.voice_rooms r where r.channel_id = p_channel_id for no key update;
  v_old := private.require_voice_session(p_channel_id, p_device_id);
  update private.voice_sessions s
  set
    is_self_muted = coalesce(p_is_self_muted, s.is_self_muted),
    is_self_deafened = coalesce(p_is_self_deafened, s.is_self_deafened)
  where s.id = v_old.id
  returning s.* into v_session;
  if (v_session.is_self_muted, v_session.is_self_deafened) <> (v_old.is_self_muted, v_old.is_self_deafened) then
    perform private.tell_roster(p_channel_id, p_present => array[v_session.id]);
  end if;
  return private.described_voice_session(v_session);
end
$$;

revoke all on function private.set_voice_state(uuid, boolean, boolean, uuid) from public, anon, authenticated, service_role;
grant execute on function private.set_voice_state(uuid, boolean, boolean, uuid) to authenticated;

create function public.set_voice_state(
  p_channel_id uuid,
  p_is_self_muted boolean default null,
  p_is_self_deafened boolean default null,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_voice_state(p_channel_id, p_is_self_muted, p_is_self_deafened, p_device_id); $$;

comment on function public.set_voice_state(uuid, boolean, boolean, uuid) is
$$Tells who is in a voice channel that the caller muted or deafened themselves there, or do no longer; what is left out stays. `expired`: the device has no session
there. Needs `connect`.
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, expired, rate_limited
@idempotent
@sdk setState$$;

revoke all on function public.set_voice_state(uuid, boolean, boolean, uuid) from public, anon, authenticated, service_role;
grant execute on function public.set_voice_state(uuid, boolean, boolean, uuid) to authenticated;

-- schemas/voice/get_voice.sql

-- get_voice: Gate: connect.
create function private.get_voice(p_channel_id uuid)
returns public.voice_room
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  return private.described_voice_room(private.require_voice_room(p_channel_id));
end
$$;

revoke all on function private.get_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_voice(uuid) to authenticated;

create function public.get_voice(p_channel_id uuid)
returns public.voice_room
language sql stable security invoker set search_path = ''
as $$ select private.get_voice(p_channel_id); $$;

comment on function public.get_voice(uuid) is
$$Says who is in a voice channel, and on which topic changes are told. Needs `connect`, and no session.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument
@sdk get$$;

revoke all on function public.get_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_voice(uuid) to authenticated;

-- schemas/voice/list_voice.sql

-- list_voice: Gate: membership; then connect in each of the at most 500 channels.
create function private.list_voice(p_community_id uuid)
returns setof public.voice_room
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_connect bigint := private.permission_mask('connect');
begin
  perform private.require_in_community(p_community_id);
  return query
  select d.*
  from private.voice_rooms r
  cross join lateral private.described_voice_room(r) d
  where r.community_id = p_community_id and private.channel_permissions(r.channel_id) & v_connect <> 0
  order by r.channel_id;
end
$$;

revoke all on function private.list_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_voice(uuid) to authenticated;

create function public.list_voice(p_community_id uuid)
returns setof public.voice_room
language sql stable security invoker set search_path = ''
as $$ select * from private.list_voice(p_community_id); $$;

comment on function public.list_voice(uuid) is
$$Says who is in which voice channel of a community, for all of them that the caller may connect to.
@errors session_required, not_found
@sdk list$$;

revoke all on function public.list_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_voice(uuid) to authenticated;

-- schemas/voice/update_voice_channel.sql

-- update_voice_channel: Gate: manage_channels in the channel. What is left out stays.
create function private.update_voice_channel(p_channel_id uuid, p_transport text, p_max_participants integer)
returns public.voice_room
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old private.voice_rooms;
  v_room private.voice_rooms;
  v_bound integer;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  v_old := private.require_voice_room(p_channel_id);
  if p_transport not in ('mesh', 'sfu') then
    perform private.fail(
      'invalid_argument', 'A voice channel is a mesh or has an SFU.', 422,
      pg_catalog.jsonb_build_object('field', 'p_transport')
    );
  end if;
  v_bound := case coalesce(p_transport, v_old.transport) when 'mesh' then 16 else 500 end;
  if p_max_participants not between 1 and v_bound then
    perform private.fail(
      'invalid_argument', pg_catalog.format('There are 1 to %s seats.', v_bound), 422,
      pg_catalog.jsonb_build_object('field', 'p_max_participants', 'max', v_bound)
    );
  end if;
  if p_transport <> v_old.transport
    and exists (select from private.live_voice_sessions s where s.channel_id = p_channel_id)
  then
    perform private.fail('conflict', 'Somebody is in it: the transport changes only where nobody is.', 409);
  end if;

  update private.voice_rooms r
  set
    transport = coalesce(p_transport, r.transport),
    max_participants = coalesce(p_max_participants, least(r.max_participants, v_bound))
  where r.channel_id = p_channel_id
  returning r.* into v_room;
  if v_room <> v_old then
    perform private.announce(
      v_room.community_id, 'channel_updated', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
    );
    perform private.write_audit(
      v_room.community_id, 'channel_updated', p_channel_id::text,
      pg_catalog.jsonb_build_object('transport', v_old.transport, 'max_participants', v_old.max_participants),
      pg_catalog.jsonb_build_object('transport', v_room.transport, 'max_participants', v_room.max_participants)
    );
  end if;
  return private.described_voice_room(v_room);
end
$$;

revoke all on function private.update_voice_channel(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function private.update_voice_channel(uuid, text, integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_voice_channel(
  p_channel_id uuid,
  p_transport text default null,
  p_max_participants integer default null
)
returns public.voice_room
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_voice_channel(p_channel_id, p_transport, p_max_participants); $$;

comment on function public.update_voice_channel(uuid, text, integer) is
$$Changes how a voice channel works; what is left out stays. A new one is a mesh of 8. Needs `manage_channels` in it. `conflict`: the transport changes only where nobody is
in it.
@param p_transport `mesh`: everybody sends to everybody; `sfu`: a LiveKit server passes it on, which the project has to have
@param p_max_participants how many devices may be in it: 1 to 16 in a mesh, 1 to 500 with an SFU; who is in it stays
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, rate_limited
@sdk updateChannel$$;

revoke all on function public.update_voice_channel(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.update_voice_channel(uuid, text, integer) to authenticated;

-- schemas/voice/mute_member.sql

-- mute_member: Gate: mute_members in the channel, the member below the caller.
create function private.mute_member(p_channel_id uuid, p_user_id uuid, p_is_muted boolean, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
begin
  perform private.begin_change_in_channel(p_channel_id, 'mute_members');
  v_room := private.require_voice_room(p_channel_id);
  if p_is_muted is null then
    perform private.fail(
      'invalid_argument', 'Say whether the member is muted.', 422, pg_catalog.jsonb_build_object('field', 'p_is_muted')
    );
  end if;
  perform private.require_above_member(v_room.community_id, p_user_id);

  if p_is_muted then
    insert into private.voice_mutes (channel_id, user_id) values (p_channel_id, p_user_id) on conflict do nothing;
  else
    delete from private.voice_mutes u where u.channel_id = p_channel_id and u.user_id = p_user_id;
  end if;
  if not found then
    return;
  end if;
  perform private.refresh_voice_sessions(array(
    select s.id from private.voice_sessions s where s.user_id = p_user_id and s.channel_id = p_channel_id
  ));
  perform private.write_audit(
    v_room.community_id, case when p_is_muted then 'member_muted' else 'member_unmuted' end, p_user_id::text,
    p_after => pg_catalog.jsonb_build_object('channel_id', p_channel_id), p_reason => p_reason
  );
end
$$;

revoke all on function private.mute_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function private.mute_member(uuid, uuid, boolean, text) to authenticated;

create function public.mute_member(p_channel_id uuid, p_user_id uuid, p_is_muted boolean, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.mute_member(p_channel_id, p_user_id, p_is_muted, p_reason); $$;

comment on function public.mute_member(uuid, uuid, boolean, text) is
$$Mutes a member below the caller in one voice channel, or ends that: nobody hears them there, also after they left and came back. Needs `mute_members` in it.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited
@sdk muteMember$$;

revoke all on function public.mute_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.mute_member(uuid, uuid, boolean, text) to authenticated;

-- schemas/voice/move_member.sql

-- move_member: Gate: move_members in both channels, the member below the caller; and the member may connect to where they go.
create function private.move_member(p_channel_id uuid, p_user_id uuid, p_destination_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
  v_destination private.voice_rooms;
  v_held bigint;
  v_is_muted boolean;
  v_session private.voice_sessions;
  v_moved_id uuid;
  v_moved_ids uuid[] := array[]::uuid[];
begin
  perform private.begin_change_in_channel(p_channel_id, 'move_members');
  v_room := private.require_voice_room(p_channel_id);
  perform private.require_in_channel(p_destination_id, 'move_members', 'destination');
  select r.* into v_destination
  from private.voice_rooms r
  where r.channel_id = p_destination_id and r.community_id = v_room.community_id and r.channel_id <> p_channel_id;
  if not found then
    perform private.fail(
      'invalid_argument', 'The destination is another voice channel of the same community.', 422,
      pg_catalog.jsonb_build_object('field', 'p_destination_id')
    );
  end if;
  perform private.require_above_member(v_room.community_id, p_user_id);
  perform private.require_in_voice(p_channel_id, p_user_id);

  v_held := private.channel_permissions(p_destination_id, p_user_id => p_user_id);
  if v_held & private.permission_mask('connect') = 0 then
    perform private.fail('conflict', 'This member may not connect there.', 409);
  end if;
  v_is_muted := exists (
    select from private.voice_mutes u where u.channel_id = p_destination_id and u.user_id = p_user_id
  );
  delete from private.voice_sessions s
  where s.channel_id = p_destination_id and s.expires_at <= pg_catalog.clock_timestamp();

  for v_session in
    delete from private.voice_sessions s where s.user_id = p_user_id and s.channel_id = p_channel_id
    returning s.*
  loop
    continue when v_session.expires_at <= pg_catalog.clock_timestamp();
    insert into private.voice_sessions as s (
      user_id, device_id, community_id, channel_id, is_self_muted, is_self_deafened, is_muted, can_speak, can_stream,
      former_ids, former_channel_ids, expires_at
    )
    values (
      p_user_id, v_session.device_id, v_room.community_id, p_destination_id, v_session.is_self_muted,
      v_session.is_self_deafened, v_is_muted,
      v_held & private.permission_mask('speak') <> 0 and not v_is_muted,
      v_held & private.permission_mask('stream') <> 0,
      (v_session.former_ids || v_session.id)[pg_catalog.cardinality(v_session.former_ids) - 6 :],
      v_session.former_channel_ids || p_channel_id, v_session.expires_at
    )
    returning s.id into v_moved_id;
    v_moved_ids := pg_catalog.array_append(v_moved_ids, v_moved_id);
    perform private.broadcast(
      'user:' || p_user_id, 'voice_session_moved',
      pg_catalog.jsonb_build_object(
        'channel_id', p_channel_id, 'session_id', v_session.id,
        'to_channel_id', p_destination_id, 'to_session_id', v_moved_id
      )
    );
  end loop;
  -- They have sat down already.
  perform private.require_seats(v_destination, 0);
  perform private.tell_roster(p_destination_id, p_present => v_moved_ids);
  perform private.write_audit(
    v_room.community_id, 'member_moved', p_user_id::text,
    pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    pg_catalog.jsonb_build_object('channel_id', p_destination_id), p_reason
  );
end
$$;

revoke all on function private.move_member(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.move_member(uuid, uuid, uuid, text) to authenticated;

create function public.move_member(
  p_channel_id uuid,
  p_user_id uuid,
  p_destination_id uuid,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_member(p_channel_id, p_user_id, p_destination_id, p_reason); $$;

comment on function public.move_member(uuid, uuid, uuid, text) is
$$Moves a member below the caller, with all their devices, from one voice channel to another of the same community. Needs `move_members` in both. `conflict`: the
member may not connect there. `limit_reached`: it has no seat for them.
@param p_destination_id the voice channel that they go to
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, conflict, limit_reached, rate_limited
@sdk moveMember$$;

revoke all on function public.move_member(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.move_member(uuid, uuid, uuid, text) to authenticated;

-- schemas/voice/disconnect_member.sql

-- disconnect_member: Gate: move_members in the channel, the member below the caller.
create function private.disconnect_member(p_channel_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
  v_ended_ids uuid[];
begin
  perform private.begin_change_in_channel(p_channel_id, 'move_members');
  v_room := private.require_voice_room(p_channel_id);
  perform private.require_above_member(v_room.community_id, p_user_id);
  perform private.require_in_voice(p_channel_id, p_user_id);

  with ended as (
    delete from private.voice_sessions s
    where s.user_id = p_user_id and s.channel_id = p_channel_id
    returning s.id
  )
  select pg_catalog.array_agg(e.id) into v_ended_ids from ended e;
  perform private.broadcast(
    'user:' || p_user_id, 'voice_session_ended',
    pg_catalog.jsonb_build_object('channel_id', p_channel_id, 'session_ids', pg_catalog.to_jsonb(v_ended_ids))
  );
  perform private.write_audit(
    v_room.community_id, 'member_disconnected', p_user_id::text,
    pg_catalog.jsonb_build_object('channel_id', p_channel_id), p_reason => p_reason
  );
end
$$;

revoke all on function private.disconnect_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.disconnect_member(uuid, uuid, text) to authenticated;

create function public.disconnect_member(p_channel_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.disconnect_member(p_channel_id, p_user_id, p_reason); $$;

comment on function public.disconnect_member(uuid, uuid, text) is
$$Ends all sessions of a member below the caller in a voice channel. They may join again: to keep them out, take `connect` from them. Needs `move_members` in it.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited
@sdk disconnectMember$$;

revoke all on function public.disconnect_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.disconnect_member(uuid, uuid, text) to authenticated;

-- schemas/voice/send_voice_signal.sql

-- send_voice_signal: Gate: connect, and a session of each side in the channel. Limits: voice_signal and voice_signal_bytes per user.
-- By the server, so that the sender is who it says; on the recipient's own topic, so that nobody else receives it.
create function private.send_voice_signal(
  p_channel_id uuid,
  p_to_user_id uuid,
  p_kind text,
  p_payload jsonb,
  p_to_session_id uuid,
  p_device_id uuid
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  perform private.begin_voice(p_channel_id);
  if p_kind is null or p_kind not in ('offer', 'answer', 'ice', 'renegotiate') then
    perform private.fail(
      'invalid_argument', 'A signal is an offer, an answer, ice or renegotiate.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_payload is null
    or pg_catalog.jsonb_typeof(p_payload) <> 'object'
    or pg_catalog.octet_length(p_payload::text) > 16384
  then
    perform private.fail(
      'invalid_argument', 'A signal carries an object of at most 16 KiB.', 422,
      pg_catalog.jsonb_build_object('field', 'p_payload', 'max', 16384)
    );
  end if;
  v_session := private.require_voice_session(p_channel_id, p_device_id);
  -- One's own devices are not connected to each other; and nobody fills the project's broadcasts all by themselves.
  if p_to_user_id = v_session.user_id then
    perform private.fail(
      'invalid_argument', 'A signal is for somebody else.', 422, pg_catalog.jsonb_build_object('field', 'p_to_user_id')
    );
  end if;
  perform private.require_in_voice(
    p_channel_id, p_to_user_id, p_to_session_id, case when p_to_session_id is null then 'p_to_user_id' else 'p_to_session_id' end
  );
  perform private.take_token('voice_signal', v_session.user_id::text);
  perform private.take_token('voice_signal_bytes', v_session.user_id::text, pg_catalog.octet_length(p_payload::text));
  perform private.broadcast(
    'user:' || p_to_user_id, 'webrtc-signal',
    pg_catalog.jsonb_build_object(
      'channel_id', p_channel_id, 'from_user_id', v_session.user_id, 'from_session_id', v_session.id,
      'to_session_id', p_to_session_id, 'kind', p_kind, 'payload', p_payload
    )
  );
end
$$;

revoke all on function private.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) to authenticated;

create function public.send_voice_signal(
  p_channel_id uuid,
  p_to_user_id uuid,
  p_kind text,
  p_payload jsonb,
  p_to_session_id uuid default null,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$
  select private.send_voice_signal(p_channel_id, p_to_user_id, p_kind, p_payload, p_to_session_id, p_device_id);
$$;

comment on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) is
$$Sends one step of a WebRTC negotiation to somebody in the same voice channel: they alone receive it, as `webrtc-signal` on `user:<id>`, with the caller's user and session
as the server knows them. `expired`: the caller's device has no session there; `not_found`: they have none. Needs `connect`. Like any broadcast it may be lost: negotiate again.
@param p_kind {'offer' | 'answer' | 'ice' | 'renegotiate'} what it is
@param p_payload {Record<string, unknown>} at most 16 KiB; nobody looks into it on the way
@param p_to_session_id one of their sessions; left out: all that they have in the channel
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, expired, rate_limited
@sdk sendSignal$$;

revoke all on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) to authenticated;

-- schemas/voice/authorize_voice.sql

-- authorize_voice: what the Edge Function voice-ice asks before it hands ICE servers out, as the caller. Gate: connect, and a seat: the
-- caller's own or one that is free. Limits: voice_ice per user.
create function private.authorize_voice(p_community_id uuid, p_channel_id uuid)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_room private.voice_rooms;
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  v_room := private.require_voice_room(p_channel_id);
  if p_community_id is distinct from v_room.community_id then
    perform private.fail(
      'not_found', 'There is no such community.', 404, pg_catalog.jsonb_build_object('field', 'p_community_id')
    );
  end if;
  if not exists (
    select from private.live_voice_sessions s where s.channel_id = p_channel_id and s.user_id = v_user_id
  ) then
    perform private.require_seats(v_room, 1);
  end if;
  perform private.take_token('voice_ice', v_user_id::text);
  return pg_catalog.jsonb_build_object(
    'user_id', v_user_id, 'channel_id', p_channel_id, 'transport', v_room.transport
  );
end
$$;

revoke all on function private.authorize_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.authorize_voice(uuid, uuid) to authenticated;

create function public.authorize_voice(p_community_id uuid, p_channel_id uuid)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.authorize_voice(p_community_id, p_channel_id); $$;

comment on function public.authorize_voice(uuid, uuid) is
$$Says whether the caller may have ICE servers for a voice channel now: they may connect, and there is a seat for them. For the Edge Function `voice-ice`, which asks it as the
caller; by itself it gives nothing.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@returns {{ user_id: string; channel_id: string; transport: 'mesh' | 'sfu' }}
@sdk authorize$$;

revoke all on function public.authorize_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.authorize_voice(uuid, uuid) to authenticated;

-- schemas/voice/authorize_voice_token.sql

-- authorize_voice_token: what a token for the SFU may say, for the Edge Function voice-token, which asks as the caller.
-- Gate: connect, and a live session of the device. Limits: voice_token per user.
-- The session's row is written, and so locked until the commit: whoever ends the session or changes its rights comes either before, and
-- then there is no token or one that says so, or after, sees that there is one, and has the SFU told (voice_sfu_changes).
create function private.authorize_voice_token(p_channel_id uuid, p_device_id uuid)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_session private.voice_sessions;
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  perform private.take_token('voice_token', v_user_id::text);

  if (private.require_voice_room(p_channel_id)).transport <> 'sfu' then
    perform private.fail('conflict', 'In this channel everybody sends to everybody: there is no SFU.', 409);
  end if;

  update private.voice_sessions s
  set sfu_token_at = pg_catalog.clock_timestamp()
  where s.user_id = v_user_id and s.device_id = p_device_id and s.channel_id = p_channel_id
    and s.expires_at > pg_catalog.clock_timestamp()
  returning s.* into v_session;
  if not found then
    perform private.refuse_voice_device(p_device_id);
  end if;

  -- In a room that many join at once, one in a minute writes this.
  insert into private.voice_sfu_rooms as r (room, watched_until)
  values (p_channel_id, pg_catalog.clock_timestamp() + interval '18 minutes')
  on conflict (room) do update set watched_until = excluded.watched_until
  where r.watched_until < excluded.watched_until - interval '1 minute';

  return pg_catalog.jsonb_build_object(
    'session_id', v_session.id, 'channel_id', v_session.channel_id,
    'can_speak', v_session.can_speak, 'can_stream', v_session.can_stream
  );
end
$$;

revoke all on function private.authorize_voice_token(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.authorize_voice_token(uuid, uuid) to authenticated;

create function public.authorize_voice_token(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.authorize_voice_token(p_channel_id, p_device_id); $$;

comment on function public.authorize_voice_token(uuid, uuid) is
$$Says what a token for the SFU may grant the caller's device in a voice channel whose transport is `sfu`: for the Edge Function
`voice-token`, which makes one of it. Needs `connect` and a live session of the device in this channel (`join_voice`).
@param p_device_id the device's own id; left out: the only one
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, expired, rate_limited
@returns {{ session_id: string; channel_id: string; can_speak: boolean; can_stream: boolean }}
@sdk authorizeToken$$;

revoke all on function public.authorize_voice_token(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.authorize_voice_token(uuid, uuid) to authenticated;

-- schemas/voice/claim_voice_sfu_changes.sql

-- claim_voice_sfu_changes: what the SFU has yet to be told, what waits longest first, for the Edge Function voice-sfu. Gate: the secret key.
create function private.claim_voice_sfu_changes(p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select c.session_id
    from private.due_voice_sfu_changes c
    order by c.claimable_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.voice_sfu_changes c
    set claimed_at = pg_catalog.clock_timestamp(), tries = c.tries + 1, last_tried_at = pg_catalog.clock_timestamp()
    from due d
    where c.session_id = d.session_id
    returning c.*
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'session_id', c.session_id, 'room', c.room, 'is_removal', c.is_removal,
          'can_speak', c.can_speak, 'can_stream', c.can_stream, 'version', c.version
        )
        order by c.claimable_at
      ),
      '[]'
    )
  into v_claimed
  from claimed c;
  return v_claimed;
end
$$;

revoke all on function private.claim_voice_sfu_changes(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_voice_sfu_changes(integer) to service_role;

create function public.claim_voice_sfu_changes(p_limit integer default 100)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_voice_sfu_changes(p_limit); $$;

comment on function public.claim_voice_sfu_changes(integer) is
$$Returns what the SFU has yet to be told of sessions: who is to be removed (`is_removal`), and what others may do now. They are the caller's for
a minute, to be answered with `finish_voice_sfu_change`; afterwards they are given out again. Needs the secret key.
@param p_limit 1 to 100 changes
@errors invalid_argument
@returns {{ session_id: string; room: string; is_removal: boolean; can_speak: boolean; can_stream: boolean; version: number }[]}$$;

revoke all on function public.claim_voice_sfu_changes(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_voice_sfu_changes(integer) to service_role;

-- schemas/voice/finish_voice_sfu_change.sql

-- finish_voice_sfu_change: the SFU has done what was claimed, or has not (p_error). What changed meanwhile has another version: that is
-- neither done nor failed, and is given out at once. Gate: the secret key.
create function private.finish_voice_sfu_change(p_session_id uuid, p_version bigint, p_error text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_is_done boolean;
begin
  if p_session_id is null or p_version is null then
    perform private.fail(
      'invalid_argument', 'Which change it was is missing.', 422,
      pg_catalog.jsonb_build_object('field', case when p_session_id is null then 'p_session_id' else 'p_version' end)
    );
  end if;

  if p_error is null then
    delete from private.voice_sfu_changes c where c.session_id = p_session_id and c.version = p_version;
    v_is_done := found;
  else
    update private.voice_sfu_changes c
    set claimed_at = null, last_error = pg_catalog.left(p_error, 500),
      -- 15 seconds, 30, a minute, then every two.
      claimable_at = pg_catalog.clock_timestamp() + interval '15 seconds' * (2 ^ least(greatest(c.tries - 1, 0), 3))
    where c.session_id = p_session_id and c.version = p_version;
    v_is_done := false;
  end if;
  if not found then
    update private.voice_sfu_changes c set claimed_at = null
    where c.session_id = p_session_id and c.version <> p_version;
  end if;
  return v_is_done;
end
$$;

revoke all on function private.finish_voice_sfu_change(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.finish_voice_sfu_change(uuid, bigint, text) to service_role;

create function public.finish_voice_sfu_change(p_session_id uuid, p_version bigint, p_error text default null)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.finish_voice_sfu_change(p_session_id, p_version, p_error); $$;

comment on function public.finish_voice_sfu_change(uuid, bigint, text) is
$$Answers a change that `claim_voice_sfu_changes` gave out, and says whether the SFU is up to date with this session now: not where it failed,
where something changed meanwhile, and where it was answered before. Needs the secret key.
@param p_version as it was given out
@param p_error {string | null} why the SFU has not done it, up to 500 characters, for an operator; null: it has
@errors invalid_argument$$;

revoke all on function public.finish_voice_sfu_change(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.finish_voice_sfu_change(uuid, bigint, text) to service_role;

-- schemas/voice/claim_voice_sfu_rooms.sql

-- claim_voice_sfu_rooms: the rooms of the SFU to look into now, for the Edge Function voice-sfu. Each is given out again after a minute, or
-- 15 seconds after it was compared. Gate: the secret key.
create function private.claim_voice_sfu_rooms(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed text[];
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select r.room
    from private.due_voice_sfu_rooms r
    order by r.look_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.voice_sfu_rooms r
    set look_at = pg_catalog.clock_timestamp() + interval '1 minute'
    from due d
    where r.room = d.room
    returning r.room
  )
  select coalesce(pg_catalog.array_agg(c.room::text), '{}') into v_claimed from claimed c;
  return v_claimed;
end
$$;

revoke all on function private.claim_voice_sfu_rooms(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_voice_sfu_rooms(integer) to service_role;

create function public.claim_voice_sfu_rooms(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_voice_sfu_rooms(p_limit); $$;

comment on function public.claim_voice_sfu_rooms(integer) is
$$Returns rooms of the SFU whose participants are to be compared with the sessions: answer each with `compare_voice_sfu_room`. What is not
answered is given out again after a minute. Needs the secret key.
@param p_limit 1 to 100 rooms
@errors invalid_argument$$;

revoke all on function public.claim_voice_sfu_rooms(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_voice_sfu_rooms(integer) to service_role;

-- schemas/voice/compare_voice_sfu_room.sql

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

-- schemas/voice/call_for_voice_sfu.sql

-- call_for_voice_sfu: has the Edge Function come where the SFU is to be told or looked at, and only there.
create function private.call_for_voice_sfu()
returns void
language sql volatile security invoker set search_path = ''
as $$
  select private.call_edge_function('voice-sfu', '30 seconds')
  where exists (select from private.due_voice_sfu_changes) or exists (select from private.due_voice_sfu_rooms);
$$;

revoke all on function private.call_for_voice_sfu() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_voice_sfu', '5 seconds', 'select private.call_for_voice_sfu()');

-- watch_voice_sfu: fails when the SFU has not done for five minutes what it was to do: then platform_health says `jobs_failing`, and the job's
-- log says this.
create function private.watch_voice_sfu()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from private.voice_sfu_changes c
    where c.queued_at between pg_catalog.clock_timestamp() - interval '1 day' and pg_catalog.clock_timestamp() - interval '5 minutes'
  ) or exists (
    select from private.voice_sfu_rooms r
    where r.watched_until > pg_catalog.clock_timestamp()
      -- Failing, or never looked at.
      and least(r.failing_since, r.look_at) < pg_catalog.clock_timestamp() - interval '5 minutes'
  ) then
    perform private.fail(
      'provider_unavailable',
      'The SFU is not told who is out: is voice-sfu deployed, with its LIVEKIT settings, and does the SFU answer? See last_error in '
        'private.voice_sfu_changes and private.voice_sfu_rooms.',
      503
    );
  end if;
end
$$;

revoke all on function private.watch_voice_sfu() from public, anon, authenticated, service_role;

select private.schedule_job('watch_voice_sfu', '*/5 * * * *', 'select private.watch_voice_sfu()');

-- schemas/voice/sweep_voice_sfu.sql

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

-- schemas/voice/sweep_voice.sql

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

-- schemas/voice/personal_data.sql

-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('private.voice_sessions', 'user_id', 'voice_sessions', '{device_id}', $$jsonb_build_object('channel_id', t.channel_id, 'device_id', t.device_id, 'joined_at', t.joined_at)$$),
  ('private.voice_mutes', 'user_id', 'voice_mutes', '{channel_id}', $$to_jsonb(t) - 'user_id'$$);
