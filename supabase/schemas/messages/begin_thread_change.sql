-- begin_thread_change: the way into every change of a thread itself, and of who follows it: begin_message_change, and the thread.
-- Whether more is needed than this permission depends on the thread, and its callers ask.
-- p_is_alone: where somebody's right to hear ends, nobody sends meanwhile (see hold_access).
create function private.begin_thread_change(p_thread_id uuid, p_permission text, p_is_alone boolean default false)
returns private.threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  if p_is_alone then
    -- Before the wait, too: nobody else's call is held up by who has no right here.
    v_thread := private.require_in_thread(p_thread_id, p_permission);
    perform private.change_access(v_thread.community_id);
  else
    perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_thread_id;
  end if;
  perform private.require_in_thread(p_thread_id, p_permission);
  perform from private.channel_heads h where h.channel_id = p_thread_id for no key update;
  select t.* into v_thread from private.threads t where t.id = p_thread_id for no key update;
  perform private.take_token('thread_change', (select auth.uid())::text);
  return v_thread;
end
$$;

revoke all on function private.begin_thread_change(uuid, text, boolean) from public, anon, authenticated, service_role;
