-- claim_data_export: the export that waits longest, for who makes it: the Edge Function export-data. It is the claimer's for ten minutes,
-- three times in all. Gate: the secret key.
create function private.claim_data_export()
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_export private.data_exports;
begin
  update private.data_exports d set state = 'failed', error = coalesce(d.error, 'It was begun three times and never ended.')
  where d.state = 'working' and d.tries >= 3 and d.claimed_at < pg_catalog.now() - interval '10 minutes';

  update private.data_exports d set state = 'working', claimed_at = pg_catalog.now(), tries = d.tries + 1
  where d.id = (
    select s.id from private.data_exports s
    where s.state = 'waiting' or s.state = 'working' and s.claimed_at < pg_catalog.now() - interval '10 minutes'
    order by s.requested_at
    limit 1
    for update skip locked
  )
  returning d.* into v_export;
  if not found then
    return null;
  end if;
  return pg_catalog.jsonb_build_object(
    'id', v_export.id, 'user_id', v_export.user_id, 'path', private.export_path(v_export),
    'sections', (select pg_catalog.jsonb_agg(p.section order by p.section collate "C") from private.personal_data p where p.section is not null)
  );
end
$$;

revoke all on function private.claim_data_export() from public, anon, authenticated, service_role;
grant execute on function private.claim_data_export() to service_role;

create function public.claim_data_export()
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.claim_data_export(); $$;

comment on function public.claim_data_export() is
$$Returns an export that is to be made, or null. It is the caller's for ten minutes: read each section with `export_page`, put the file at `path` in
the bucket `exports`, and say so with `finish_data_export`. Needs the secret key.
@returns {{ id: string; user_id: string; path: string; sections: string[] } | null}$$;

revoke all on function public.claim_data_export() from public, anon, authenticated, service_role;
grant execute on function public.claim_data_export() to service_role;
