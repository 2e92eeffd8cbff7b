-- delete_thread: Gate: manage_threads. Limits: thread_change per user. The message that it hung on stays, unless it was the
-- server's and says nothing but that there is a thread.
create function private.delete_thread(p_thread_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'manage_threads', p_is_alone => true);
  perform private.broadcast(
    private.channel_topic(p_thread_id), 'thread_deleted', pg_catalog.jsonb_build_object('thread_id', p_thread_id)
  );
  if exists (
    select from public.messages m
    where m.channel_id = v_thread.channel_id and m.seq = v_thread.root_seq and m.kind = 'thread_created'
  ) then
    perform private.remove_messages(v_thread.channel_id, array[v_thread.root_seq], null);
  else
    perform private.change_root(v_thread, p_is_gone => true);
  end if;
  delete from private.threads t where t.id = p_thread_id;
  perform private.write_audit(
    v_thread.community_id, 'thread_deleted', p_thread_id::text,
    -- What a private thread is called is its members'.
    pg_catalog.jsonb_build_object(
      'name', case when v_thread.kind = 'public' then v_thread.name end, 'channel_id', v_thread.channel_id, 'kind', v_thread.kind, 'owner_id', v_thread.owner_id
    ),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_thread(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_thread(uuid, text) to authenticated;

create function public.delete_thread(p_thread_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_thread(p_thread_id, p_reason); $$;

comment on function public.delete_thread(uuid, text) is
$$Deletes a thread with everything in it. Needs `manage_threads`. Nobody reads its messages from then on; they are removed from the
disk in the minutes after.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_thread(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_thread(uuid, text) to authenticated;
