-- call_for_exports: where an export waits, or one is to be removed, asks the Edge Function export-data to see to it. Requests that ended more
-- than 30 days ago go. Where the function cannot be called, watch_exports says so when that begins to matter.
create function private.call_for_exports()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.data_exports d
  where d.id in (
    select s.id from private.data_exports s
    where s.state in ('ready', 'failed') and s.requested_at < pg_catalog.now() - interval '30 days'
    limit 1000
  );
  -- Rows whose object Storage has no more would come again for ever.
  delete from private.export_files f
  where f.claimed_at < pg_catalog.now() - interval '10 minutes'
    and not exists (select from storage.objects o where o.bucket_id = 'exports' and o.name = f.path);
  if exists (
    select from private.data_exports d
    where d.state = 'waiting' or d.state = 'working' and d.claimed_at < pg_catalog.now() - interval '10 minutes'
  ) or exists (
    select from private.export_files f
    where f.remove_at <= pg_catalog.now() and (f.claimed_at is null or f.claimed_at < pg_catalog.now() - interval '10 minutes')
  ) then
    perform private.call_edge_function('export-data', '5 minutes');
  end if;
end
$$;

revoke all on function private.call_for_exports() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_exports', '30 seconds', 'select private.call_for_exports()');

-- watch_exports: fails when the bucket was made public, for which no policy is asked, or when exports have been waiting for hours to be made or
-- removed: then platform_health says `jobs_failing`, and the job's log says this.
create function private.watch_exports()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (select from storage.buckets b where b.id = 'exports' and b.public) then
    perform private.fail('internal', 'The bucket exports is public: whoever knows a path reads the file. Make it private.', 500);
  end if;
  if exists (
    select from private.data_exports d
    where d.state in ('waiting', 'working') and d.requested_at < pg_catalog.now() - interval '6 hours'
  ) or exists (select from private.export_files f where f.remove_at < pg_catalog.now() - interval '6 hours') then
    perform private.fail(
      'provider_unavailable',
      'Exports are not made or not removed: is export-data deployed, and are the functions'' address and secret in Vault?', 503
    );
  end if;
end
$$;

revoke all on function private.watch_exports() from public, anon, authenticated, service_role;

select private.schedule_job('watch_exports', '*/20 * * * *', 'select private.watch_exports()');
