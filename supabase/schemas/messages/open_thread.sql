-- open_thread: takes a thread out of the archive, as far as the channel has room for one more that is open.
create function private.open_thread(p_thread private.threads)
returns private.threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  perform private.require_room_for_thread(p_thread.channel_id);
  update private.threads t
  set
    archived_at = null, opened_at = pg_catalog.now(),
    silence_at = pg_catalog.now() + pg_catalog.make_interval(mins => t.archive_after_minutes)
  where t.id = p_thread.id
  returning t.* into v_thread;
  return v_thread;
end
$$;

revoke all on function private.open_thread(private.threads) from public, anon, authenticated, service_role;
