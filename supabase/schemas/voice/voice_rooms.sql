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
