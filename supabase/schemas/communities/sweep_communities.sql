-- sweep_communities: removes invites that ended a month ago, in bounded batches.
create function private.sweep_communities(p_batch integer default 1000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from public.invites i
  where i.code in (
    select s.code from public.invites s
    where s.expires_at < pg_catalog.now() - interval '30 days'
    order by s.expires_at
    limit p_batch
  );
$$;

revoke all on function private.sweep_communities(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_communities', '17 * * * *', 'select private.sweep_communities()');
