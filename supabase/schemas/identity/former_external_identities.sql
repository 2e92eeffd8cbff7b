-- former_external_identities: who had an external id until a moment ago, by whatever way it ended: unlinked, or with the account. A
-- topic that is named after external ids keeps its name when one of them goes to somebody else. Whoever had it may still have the topic
-- open, and Realtime repeats what was said there to whoever joins. So for 4 days, which is longer than a token lives and than Realtime
-- keeps broadcasts, such a topic is closed (see chat_topic).
create table private.former_external_identities (
  provider text not null,
  external_id text not null,
  user_id uuid not null,
  ended_at timestamptz not null,
  primary key (provider, external_id, user_id)
);

create index former_external_identities_ended_at on private.former_external_identities (ended_at);

revoke all on table private.former_external_identities from public, anon, authenticated, service_role;

create function private.remember_former_external_identity()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.former_external_identities (provider, external_id, user_id, ended_at)
  values (old.provider, old.external_id, old.user_id, pg_catalog.clock_timestamp())
  on conflict (provider, external_id, user_id) do update set ended_at = excluded.ended_at;
  return null;
end
$$;

revoke all on function private.remember_former_external_identity() from public, anon, authenticated, service_role;

create trigger identity_remember_former_external_identity
after delete on private.external_identities
for each row execute function private.remember_former_external_identity();

-- Whether somebody other than these two had this id in the last 4 days.
create function private.was_external_id_of_another(p_provider text, p_external_id text, p_one_id uuid, p_other_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.former_external_identities f
    where f.provider = p_provider and f.external_id = p_external_id
      and f.user_id not in (p_one_id, p_other_id)
      and f.ended_at > pg_catalog.now() - interval '4 days'
  );
end
$$;

revoke all on function private.was_external_id_of_another(text, text, uuid, uuid) from public, anon, authenticated, service_role;

create function private.sweep_identity()
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.former_external_identities f where f.ended_at <= pg_catalog.now() - interval '4 days';
$$;

revoke all on function private.sweep_identity() from public, anon, authenticated, service_role;

select private.schedule_job('sweep_identity', '37 * * * *', 'select private.sweep_identity()');
