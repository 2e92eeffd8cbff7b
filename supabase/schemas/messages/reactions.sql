-- reactions: who reacted to what with what. The messages' own rows have the counts.
-- user_id names no profile: when an account ends its reactions stay counted, as its messages stay.
create table private.reactions (
  channel_id uuid not null,
  seq bigint not null,
  emoji text not null,
  user_id uuid not null,
  reacted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq, emoji, user_id),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

-- One's own reactions on a page are one range, and all of one's own another.
create index reactions_user_id on private.reactions (user_id, channel_id, seq);

revoke all on table private.reactions from public, anon, authenticated, service_role;
