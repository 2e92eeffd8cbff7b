-- tell_thread: those who have a thread open, and those who read its channel, hear what became of it.
create function private.tell_thread(p_thread private.threads)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    private.channel_topic(p_thread.id), 'thread_updated', pg_catalog.jsonb_build_object('thread_id', p_thread.id)
  );
  perform private.change_root(p_thread);
end
$$;

revoke all on function private.tell_thread(private.threads) from public, anon, authenticated, service_role;
