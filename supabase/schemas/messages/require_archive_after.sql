-- require_archive_after: the stretches of silence there are, as in Discord: an hour, a day, three days, a week.
create function private.require_archive_after(p_minutes integer)
returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_minutes is null or p_minutes not in (60, 1440, 4320, 10080) then
    perform private.fail(
      'invalid_argument', 'Threads are archived after 60, 1440, 4320 or 10080 minutes of silence.', 422,
      pg_catalog.jsonb_build_object('field', 'p_archive_after_minutes')
    );
  end if;
end
$$;

revoke all on function private.require_archive_after(integer) from public, anon, authenticated, service_role;
