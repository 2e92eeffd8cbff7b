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
