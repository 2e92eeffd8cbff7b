-- channels: where messages are sent and voice is held.
create table public.channels (
  community_id uuid not null references public.communities (id) on delete cascade,
  id uuid not null default private.uuid_v7() unique,
  group_id uuid,
  kind text not null check (kind in ('text', 'voice')),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  position integer not null,
  is_synced boolean not null default false,
  slow_mode_seconds integer not null default 0 check (slow_mode_seconds between 0 and 21600),
  announces_joins boolean not null default false check (not announces_joins or kind = 'text'),
  topic_epoch bigint not null default 1,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  foreign key (community_id, group_id) references public.channel_groups (community_id, id) on delete set null (group_id)
);

comment on table public.channels is 'A channel of a community.';
comment on column public.channels.kind is $$What it is for.
@type {'text' | 'voice'}$$;
comment on column public.channels.position is 'Place within its group, ascending.';
comment on column public.channels.is_synced is 'Whether it carries the overwrites of its group; editing its own ends that.';
comment on column public.channels.slow_mode_seconds is 'Seconds that everybody waits between two messages, up to 6 hours; 0: no slow mode.';
comment on column public.channels.announces_joins is 'Whether joins are told in it; at most one channel of a community does.';
comment on column public.channels.topic_epoch is 'Part of the name of the channel''s topic; rises when somebody loses the right to view it or to read its history.';

create unique index channels_announces_joins on public.channels (community_id) where announces_joins;
create index channels_group_id on public.channels (community_id, group_id);

alter table public.channels enable row level security;

create policy channels_select on public.channels
for select to authenticated using (id = any ((select private.my_channel_ids('view_channel'))::uuid[]));

revoke all on table public.channels from public, anon, authenticated, service_role;
grant select on table public.channels to authenticated;
