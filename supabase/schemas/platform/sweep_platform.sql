-- sweep_platform: tidies what has expired, in bounded batches. Nothing reads an expired row, so late is harmless.
create function private.sweep_platform(p_batch integer default 100000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.rate_limits r
  where r.ctid = any (array(
    select s.ctid from private.rate_limits s
    where s.full_at < pg_catalog.now()
    limit p_batch
    -- Whoever is being charged just now is left for the next time.
    for update skip locked
  ));

  delete from private.lost_broadcasts b
  where b.id in (
    select s.id from private.lost_broadcasts s
    where s.at < pg_catalog.now() - interval '7 days'
    order by s.at
    limit p_batch
  );

  -- pg_cron never purges its own log.
  delete from cron.job_run_details d
  where d.runid in (
    select s.runid
    from cron.job_run_details s
    join cron.job j on j.jobid = s.jobid
    where j.jobname like 'guildhall:%' and s.end_time < pg_catalog.now() - interval '7 days'
    limit p_batch
  );
$$;

revoke all on function private.sweep_platform(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_platform', '*/5 * * * *', 'select private.sweep_platform()');
