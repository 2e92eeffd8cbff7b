-- voice_mutes: whom moderators have muted in which voice channel. A fact of its own, so that leaving and coming back does not end it.
create table private.voice_mutes (
  channel_id uuid not null references private.voice_rooms (channel_id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  muted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, user_id)
);

create index voice_mutes_user_id on private.voice_mutes (user_id);

revoke all on table private.voice_mutes from public, anon, authenticated, service_role;
