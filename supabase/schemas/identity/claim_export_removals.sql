-- claim_export_removals: exports whose time is over, for who removes them through Storage, as claim_attachment_removals. Gate: the secret key.
create function private.claim_export_removals(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_paths text[];
begin
  perform private.require_limit(p_limit, 1000);

  with due as (
    select f.path from private.export_files f
    where f.remove_at <= pg_catalog.now()
      and (f.claimed_at is null or f.claimed_at < pg_catalog.now() - interval '10 minutes')
    order by f.remove_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.export_files f set claimed_at = pg_catalog.now() from due where f.path = due.path
    returning f.path
  )
  select coalesce(pg_catalog.array_agg(c.path), '{}') into v_paths from claimed c;
  return v_paths;
end
$$;

revoke all on function private.claim_export_removals(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_export_removals(integer) to service_role;

create function public.claim_export_removals(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = ''
as $$ select private.claim_export_removals(p_limit); $$;

comment on function public.claim_export_removals(integer) is
$$Returns the paths, in the bucket `exports`, of files that nobody may read any more. Whoever asks removes them through the Storage API; what is
still there after 10 minutes comes again. Needs the secret key.
@param p_limit 1 to 1,000
@errors invalid_argument$$;

revoke all on function public.claim_export_removals(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_export_removals(integer) to service_role;
