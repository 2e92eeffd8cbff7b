-- audit_log: one row per privileged change, written in the transaction of the change, and never touched again.
-- There is no reference to the community or to anybody in it: the log outlives them. Who may read it is decided in
-- access, which knows who may what.
create table public.audit_log (
  community_id uuid not null,
  number bigint not null,
  at timestamptz not null,
  actor_id uuid,
  action text not null check (action ~ '^[a-z_]+$'),
  target_id text,
  before jsonb,
  after jsonb,
  reason text check (pg_catalog.char_length(reason) between 1 and 512),
  request_id text,
  previous_hash text not null,
  hash text not null,
  primary key (community_id, number)
);

comment on table public.audit_log is 'A privileged change in a community, as it was made.';
comment on column public.audit_log.number is 'Number in the community''s log: 1, 2, 3 … without gaps.';
comment on column public.audit_log.actor_id is 'Who did it; null: the server by itself.';
comment on column public.audit_log.target_id is 'What it was done to: the id of a user, role, channel or group, or the beginning of an invite''s code.';
comment on column public.audit_log.before is 'The changed facts as they were; null where there was nothing.';
comment on column public.audit_log.after is 'The changed facts as they are; null where nothing is left.';
comment on column public.audit_log.request_id is 'The request''s x-request-id, by which it is found in other logs.';
comment on column public.audit_log.previous_hash is 'The hash of the row before; empty for the first.';
comment on column public.audit_log.hash is 'SHA-256, in hexadecimal, over previous_hash and this row. See audit_hash.';

create index audit_log_actor_id on public.audit_log (community_id, actor_id, number);
create index audit_log_action on public.audit_log (community_id, action, number);

alter table public.audit_log enable row level security;

revoke all on table public.audit_log from public, anon, authenticated, service_role;
grant select on table public.audit_log to authenticated;

-- Without right to write there is still the owner of the table: a slip in a migration or at the console.
create function private.refuse_audit_change()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception using errcode = '42501', message = 'The audit log is only ever added to.';
end
$$;

revoke all on function private.refuse_audit_change() from public, anon, authenticated, service_role;

create trigger audit_log_append_only
before update or delete or truncate on public.audit_log
for each statement execute function private.refuse_audit_change();
