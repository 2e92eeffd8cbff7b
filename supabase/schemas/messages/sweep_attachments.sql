-- sweep_attachments: where there is something to remove, asks the Edge Function sweep-attachments to. Where it cannot be called,
-- watch_attachments says so when that begins to matter.
create function private.sweep_attachments()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  -- Rows whose object Storage has no more: a database that was restored, for instance. They would come again for ever.
  delete from private.attachments a
  where a.path in (
    select s.path from private.attachments s
    where s.remove_at <= pg_catalog.now() and s.claimed_at < pg_catalog.now() - interval '10 minutes'
      and not exists (select from storage.objects o where o.bucket_id = 'attachments' and o.name = s.path)
    order by s.remove_at
    limit 1000
  );
  if exists (select from private.attachments a where a.remove_at <= pg_catalog.now()) then
    perform private.call_edge_function('sweep-attachments', '1 minute');
  end if;
end
$$;

revoke all on function private.sweep_attachments() from public, anon, authenticated, service_role;

select private.schedule_job('sweep_attachments', '*/5 * * * *', 'select private.sweep_attachments()');

-- watch_attachments: fails when the bucket was made public, for which no policy is asked, or when files have been waiting for hours to
-- be removed, whatever the reason: then platform_health says `jobs_failing`, and the job's log says this.
create function private.watch_attachments()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (select from storage.buckets b where b.id = 'attachments' and b.public) then
    perform private.fail('internal', 'The bucket attachments is public: whoever knows a path reads the file. Make it private.', 500);
  end if;
  if exists (select from private.attachments a where a.remove_at < pg_catalog.now() - interval '6 hours') then
    perform private.fail(
      'provider_unavailable',
      'Files of messages that are gone are not removed: is sweep-attachments deployed, and are the functions'' address and secret in Vault?', 503
    );
  end if;
end
$$;

revoke all on function private.watch_attachments() from public, anon, authenticated, service_role;

select private.schedule_job('watch_attachments', '*/20 * * * *', 'select private.watch_attachments()');
