-- change_root: the message that a thread hangs on shows the thread as it is now; null: none any more. A change of the channel like
-- any other. A channel's head is taken after its thread's, by everybody. The message may be gone, and a private thread hangs on none.
create function private.change_root(p_thread private.threads, p_summary jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  if p_thread.root_seq is null then
    return;
  end if;
  perform from private.channel_heads h where h.channel_id = p_thread.channel_id for no key update;
  update public.messages m
  set thread = p_summary, revision = private.next_revision(p_thread.channel_id)
  where m.channel_id = p_thread.channel_id and m.seq = p_thread.root_seq and m.thread is distinct from p_summary
  returning m.* into v_message;
  if found then
    perform private.tell_change('threaded', v_message);
  end if;
end
$$;

revoke all on function private.change_root(private.threads, jsonb) from public, anon, authenticated, service_role;
