-- call_for_voice_sfu: has the Edge Function come where the SFU is to be told or looked at, and only there.
create function private.call_for_voice_sfu()
returns void
language sql volatile security invoker set search_path = ''
as $$
  select private.call_edge_function('voice-sfu', '30 seconds')
  where exists (select from private.due_voice_sfu_changes) or exists (select from private.due_voice_sfu_rooms);
$$;

revoke all on function private.call_for_voice_sfu() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_voice_sfu', '5 seconds', 'select private.call_for_voice_sfu()');

-- watch_voice_sfu: fails when the SFU has not done for five minutes what it was to do: then platform_health says `jobs_failing`, and the job's
-- log says this.
create function private.watch_voice_sfu()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (
    select from private.voice_sfu_changes c
    where c.queued_at between pg_catalog.clock_timestamp() - interval '1 day' and pg_catalog.clock_timestamp() - interval '5 minutes'
  ) or exists (
    select from private.voice_sfu_rooms r
    where r.watched_until > pg_catalog.clock_timestamp()
      -- Failing, or never looked at.
      and least(r.failing_since, r.look_at) < pg_catalog.clock_timestamp() - interval '5 minutes'
  ) then
    perform private.fail(
      'provider_unavailable',
      'The SFU is not told who is out: is voice-sfu deployed, with its LIVEKIT settings, and does the SFU answer? See last_error in '
        'private.voice_sfu_changes and private.voice_sfu_rooms.',
      503
    );
  end if;
end
$$;

revoke all on function private.watch_voice_sfu() from public, anon, authenticated, service_role;

select private.schedule_job('watch_voice_sfu', '*/5 * * * *', 'select private.watch_voice_sfu()');
