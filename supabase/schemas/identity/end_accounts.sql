-- end_accounts: one piece of work for the account that waits longest: a batch of a step, or the end of the account itself, which
-- deletes it where it lies, in auth. One a run, because that deletion takes locks which must not come after those of a
-- batch (see change_access). What fails is said in the row, left for ten minutes, and holds nobody else up.
-- Two runs at a time are one: a lock and not the row's, which whoever deletes the account elsewhere may be about to delete.
create function private.end_accounts(p_batch integer default 1000)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ending private.account_endings;
  v_step text;
  v_seen integer;
begin
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('end_accounts', 0)) then
    return;
  end if;
  select e.* into v_ending from private.account_endings e
  where e.failed_at is null or e.failed_at < pg_catalog.now() - interval '10 minutes'
  order by e.requested_at
  limit 1;
  if not found then
    return;
  end if;

  begin
    for v_step in select s.name from private.erasure_steps s order by s.place loop
      execute pg_catalog.format('select private.%I($1, $2)', v_step) into v_seen
      using v_ending.user_id, p_batch;
      if v_seen > 0 then
        update private.account_endings e set error = null, failed_at = null
        where e.user_id = v_ending.user_id and e.error is not null;
        return;
      end if;
    end loop;
    delete from auth.users u where u.id = v_ending.user_id;
  -- A statement's timeout is not among the others.
  exception when query_canceled or others then
    update private.account_endings e set error = sqlerrm, failed_at = pg_catalog.clock_timestamp()
    where e.user_id = v_ending.user_id;
  end;
end
$$;

revoke all on function private.end_accounts(integer) from public, anon, authenticated, service_role;

select private.schedule_job('end_accounts', '5 seconds', 'select private.end_accounts()');

-- watch_account_endings: fails where an account could not be ended, or takes longer than a day: then platform_health says `jobs_failing`,
-- and the job's log why.
create function private.watch_account_endings()
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_error text;
begin
  select coalesce(e.error, 'it is still on its way') into v_error
  from private.account_endings e
  where e.error is not null or e.requested_at < pg_catalog.now() - interval '1 day'
  order by e.requested_at
  limit 1;
  if found then
    perform private.fail('internal', pg_catalog.format('An account does not come to its end: %s.', v_error), 500);
  end if;
end
$$;

revoke all on function private.watch_account_endings() from public, anon, authenticated, service_role;

select private.schedule_job('watch_account_endings', '*/20 * * * *', 'select private.watch_account_endings()');
