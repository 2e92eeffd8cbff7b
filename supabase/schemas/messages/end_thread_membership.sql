-- end_thread_membership: somebody follows a thread no longer. Of a private one they hear nothing that is sent afterwards: its topic
-- gets a new name, unless they manage threads and hear it anyway, which costs a name too much at most. The caller holds
-- change_access: nobody is sending to the old name.
create function private.end_thread_membership(p_thread private.threads, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.thread_members m where m.thread_id = p_thread.id and m.user_id = p_user_id;
  if not found then
    return;
  end if;
  if p_thread.kind = 'private' then
    perform private.broadcast(
      private.channel_topic(p_thread.id), 'moved', pg_catalog.jsonb_build_object('thread_id', p_thread.id)
    );
    update private.threads t set topic_epoch = t.topic_epoch + 1 where t.id = p_thread.id;
  end if;
  perform private.broadcast(
    'user:' || p_user_id, 'thread_membership',
    pg_catalog.jsonb_build_object('channel_id', p_thread.channel_id, 'thread_id', p_thread.id, 'is_member', false)
  );
end
$$;

revoke all on function private.end_thread_membership(private.threads, uuid) from public, anon, authenticated, service_role;
