-- told_activity: up to where each channel's activity has been told to those who do not have it open.
create table private.told_activity (
  channel_id uuid primary key references private.channel_heads (channel_id) on delete cascade,
  told_seq bigint not null
);

revoke all on table private.told_activity from public, anon, authenticated, service_role;
