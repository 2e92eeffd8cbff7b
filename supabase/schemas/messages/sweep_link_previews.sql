-- sweep_link_previews: removes links that were given out three times for nothing and those for which nobody came in a day
-- (the Edge Function is not set up), and what is known of links for longer than it counts.
create function private.sweep_link_previews(p_batch integer default 10000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.link_preview_requests r
  where r.ctid = any (array(
    select s.ctid from private.link_preview_requests s
    where s.claimable_at < pg_catalog.now() and (s.tries >= 3 or s.claimable_at < pg_catalog.now() - interval '1 day')
    order by s.claimable_at
    limit p_batch
    -- What is being edited or deleted with many others is left for the next time: two that take the same rows in
    -- another order would wait for each other.
    for update skip locked
  ));

  delete from private.link_previews k
  where k.ctid = any (array(
    select s.ctid from private.link_previews s
    where s.fetched_at < pg_catalog.now() - interval '1 hour'
    order by s.fetched_at
    limit p_batch
  ))
  and k.fetched_at < pg_catalog.now() - interval '1 hour';
$$;

revoke all on function private.sweep_link_previews(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_link_previews', '*/5 * * * *', 'select private.sweep_link_previews()');
