-- thread_summary: what the message that a thread hangs on shows of it. In UTC, because times in it are kept as text.
create function private.thread_summary(p_thread private.threads)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  return (
    select pg_catalog.jsonb_build_object(
      'id', p_thread.id, 'name', p_thread.name, 'is_locked', p_thread.is_locked,
      'archive_after_minutes', p_thread.archive_after_minutes, 'archived_at', private.archived_at(p_thread),
      'last_seq', h.last_seq, 'last_message_at', h.last_message_at
    )
    from private.channel_heads h
    where h.channel_id = p_thread.id
  );
end
$$;

revoke all on function private.thread_summary(private.threads) from public, anon, authenticated, service_role;
