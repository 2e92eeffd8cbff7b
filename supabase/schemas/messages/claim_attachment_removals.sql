-- claim_attachment_removals: files that nobody may read any more, the longest waiting first, for who removes them through Storage. SQL
-- cannot. What is handed out is not handed out again for ten minutes: a second sweep gets others, and what the first could not
-- remove comes again. Gate: the secret key.
create function private.claim_attachment_removals(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_paths text[];
begin
  perform private.require_limit(p_limit, 1000);

  with due as (
    select a.path from private.attachments a
    where a.remove_at <= pg_catalog.now()
      and (a.claimed_at is null or a.claimed_at < pg_catalog.now() - interval '10 minutes')
    order by a.remove_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.attachments a set claimed_at = pg_catalog.now() from due where a.path = due.path
    returning a.path
  )
  select coalesce(pg_catalog.array_agg(c.path), '{}') into v_paths from claimed c;
  return v_paths;
end
$$;

revoke all on function private.claim_attachment_removals(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_attachment_removals(integer) to service_role;

create function public.claim_attachment_removals(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = ''
as $$ select private.claim_attachment_removals(p_limit); $$;

comment on function public.claim_attachment_removals(integer) is
$$Returns the paths, in the bucket `attachments`, of files that nobody may read any more: not sent within 24 hours, expired, or of
a message that is gone. Whoever asks removes them through the Storage API; what is still there after 10 minutes comes again.
Needs the secret key.
@param p_limit 1 to 1,000
@errors invalid_argument$$;

revoke all on function public.claim_attachment_removals(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_attachment_removals(integer) to service_role;
