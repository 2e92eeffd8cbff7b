-- sweep_communities: removes invites that ended a month ago and bans that ended, in bounded batches.
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

  delete from public.bans b
  where (b.community_id, b.user_id) in (
    select s.community_id, s.user_id from public.bans s
    where s.expires_at < pg_catalog.now()
    order by s.expires_at
    limit p_batch
  )
  -- Asked again under the row's lock: it may have been made anew since it was chosen.
  and b.expires_at < pg_catalog.now();
$$;

revoke all on function private.sweep_communities(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_communities', '17 * * * *', 'select private.sweep_communities()');
