-- direct_channels: conversations without a community: of two people, or a group of up to 10. To messages each is a channel like any
-- other, with a head of its own; who takes part is all there is of rights (see direct_permissions).
-- Of two people there is one, whoever opens it: they are low_id and high_id, in the order of their ids. One of them is null when
-- that account is gone, and the other keeps what was said.
create table private.direct_channels (
  id uuid primary key default private.uuid_v7(),
  kind text not null check (kind in ('pair', 'group')),
  low_id uuid references public.profiles (id) on delete set null check (low_id is null or kind = 'pair'),
  high_id uuid references public.profiles (id) on delete set null check (high_id is null or kind = 'pair'),
  opener_id uuid references public.profiles (id) on delete set null,
  -- Of a group: who takes members out of it.
  owner_id uuid references public.profiles (id) on delete set null check (owner_id is null or kind = 'group'),
  name text check (name is null or kind = 'group' and pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  topic_epoch bigint not null default 0,
  created_at timestamptz not null default pg_catalog.now(),
  check (low_id < high_id)
);

create unique index direct_channels_pair on private.direct_channels (low_id, high_id);
create index direct_channels_high_id on private.direct_channels (high_id);
create index direct_channels_opener_id on private.direct_channels (opener_id);
create index direct_channels_owner_id on private.direct_channels (owner_id);

revoke all on table private.direct_channels from public, anon, authenticated, service_role;
