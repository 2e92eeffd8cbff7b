-- change_root: the message that a thread hangs on shows the thread as it is now, or none any more where it is about to go. A
-- change of the channel like any other. A channel's head is taken after its thread's, by everybody, and before anybody reads
-- what there is to show: of two who tell, the second tells what the first has left. The message may be gone, and a private
-- thread hangs on none.
create function private.change_root(p_thread private.threads, p_is_gone boolean default false)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_summary jsonb;
  v_message public.messages;
begin
  if p_thread.root_seq is null then
    return;
  end if;
  perform from private.channel_heads h where h.channel_id = p_thread.channel_id for no key update;
  if not p_is_gone then
    select private.thread_summary(t) into v_summary from private.threads t where t.id = p_thread.id;
    if not found then
      return;
    end if;
  end if;
  update public.messages m
  set thread = v_summary, revision = private.next_revision(p_thread.channel_id)
  where m.channel_id = p_thread.channel_id and m.seq = p_thread.root_seq and m.thread is distinct from v_summary
  returning m.* into v_message;
  if found then
    perform private.tell_change('threaded', v_message);
  end if;
end
$$;

revoke all on function private.change_root(private.threads, boolean) from public, anon, authenticated, service_role;
