-- tombstones: what is left of deleted messages: the number, which is never given again, and the nonce, so that a send that
-- is tried again does not bring the message back.
create table private.tombstones (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  seq bigint not null,
  author_id uuid references public.profiles (id) on delete set null,
  client_nonce text,
  deleted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq)
);

create index tombstones_client_nonce on private.tombstones (channel_id, author_id, client_nonce)
where client_nonce is not null;
create index tombstones_author_id on private.tombstones (author_id);

revoke all on table private.tombstones from public, anon, authenticated, service_role;
