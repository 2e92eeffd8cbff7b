-- link_previews: what links were found to lead to, so that one that is posted in many places is fetched once. It is the same
-- for everybody: pages are fetched without any credentials. preview: as in messages; null: there was nothing to show.
create table private.link_previews (
  url_hash bytea primary key,
  preview jsonb,
  fetched_at timestamptz not null default pg_catalog.clock_timestamp()
);

comment on column private.link_previews.url_hash is 'SHA-256 of the link as it was written: a link may be longer than a key.';

create index link_previews_fetched_at on private.link_previews (fetched_at);

revoke all on table private.link_previews from public, anon, authenticated, service_role;

-- For how long: an hour, and where nothing was found five minutes, because that may be a passing fault.
create function private.is_known_link(p_known private.link_previews)
returns boolean
language sql stable security invoker set search_path = ''
as $$
  select p_known.fetched_at > pg_catalog.now() - case when p_known.preview is null then interval '5 minutes' else interval '1 hour' end;
$$;

revoke all on function private.is_known_link(private.link_previews) from public, anon, authenticated, service_role;
