-- archived_at: since when a thread is archived, by somebody or by its silence; null: it is open. The sweep stores the latter some
-- time after.
create function private.archived_at(p_thread private.threads)
returns timestamptz
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_silence_at timestamptz;
begin
  if p_thread.archived_at is not null then
    return p_thread.archived_at;
  end if;
  select greatest(h.last_message_at, p_thread.opened_at) + pg_catalog.make_interval(mins => p_thread.archive_after_minutes)
  into v_silence_at
  from private.channel_heads h
  where h.channel_id = p_thread.id;
  return case when v_silence_at <= pg_catalog.now() then v_silence_at end;
end
$$;

revoke all on function private.archived_at(private.threads) from public, anon, authenticated, service_role;
