-- take_up_thread: what writing in a thread brings along, as in Discord: the writer follows it, and it is open again. Silence is
-- counted from the message, so an archive that only silence has closed is open by itself.
create function private.take_up_thread(p_thread_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  if v_thread.archived_at is not null then
    perform private.open_thread(v_thread);
    -- Its message shows it with how far it has come (tell_threads): a sender never waits for the thread's channel.
    perform private.broadcast(
      private.channel_topic(p_thread_id), 'thread_updated', pg_catalog.jsonb_build_object('thread_id', p_thread_id)
    );
  end if;
  if not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id) then
    perform private.follow_thread(v_thread, p_user_id);
  end if;
end
$$;

revoke all on function private.take_up_thread(uuid, uuid) from public, anon, authenticated, service_role;
