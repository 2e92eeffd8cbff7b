-- keep_slow_mode: in a channel with slow mode one message per member and stretch of time, and in each of its threads. Whoever may bypass it or manages
-- messages or the channel is exempt, as in Discord. The caller holds the channel's head, so nobody counts as two.
create function private.keep_slow_mode(p_channel_id uuid, p_seconds integer, p_user_id uuid, p_held bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_stretch interval := pg_catalog.make_interval(secs => p_seconds);
  v_sent_at timestamptz;
begin
  if p_seconds = 0
    or p_held & private.permission_mask('bypass_slow_mode', 'manage_messages', 'manage_channels') <> 0
  then
    return;
  end if;

  select s.sent_at into v_sent_at
  from private.slow_mode_sends s
  where s.channel_id = p_channel_id and s.user_id = p_user_id;
  if v_sent_at + v_stretch > v_now then
    perform private.fail(
      'slow_mode', 'This channel has slow mode: wait a moment.', 429,
      pg_catalog.jsonb_build_object(
        'retry_after', pg_catalog.round(extract(epoch from v_sent_at + v_stretch - v_now)::numeric, 3)
      )
    );
  end if;
  insert into private.slow_mode_sends (channel_id, user_id, sent_at)
  values (p_channel_id, p_user_id, v_now)
  on conflict (channel_id, user_id) do update set sent_at = excluded.sent_at;
end
$$;

revoke all on function private.keep_slow_mode(uuid, integer, uuid, bigint) from public, anon, authenticated, service_role;
