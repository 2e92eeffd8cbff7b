-- slow_mode_sends: when who last sent to a channel while it had slow mode. A fact and no rate limit: it must outlast a crash.
create table private.slow_mode_sends (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  sent_at timestamptz not null,
  primary key (channel_id, user_id)
);

create index slow_mode_sends_user_id on private.slow_mode_sends (user_id);
create index slow_mode_sends_sent_at on private.slow_mode_sends (sent_at);

revoke all on table private.slow_mode_sends from public, anon, authenticated, service_role;
