-- follow_thread: makes a member follow a thread, and their devices hear of it. What was written before counts as read. Says whether
-- they did not before.
create function private.follow_thread(p_thread private.threads, p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.thread_members (community_id, thread_id, user_id)
  values (p_thread.community_id, p_thread.id, p_user_id)
  on conflict (thread_id, user_id) do nothing;
  if not found then
    return false;
  end if;
  perform private.advance_read(p_thread.community_id, p_thread.id, p_user_id, h.last_seq)
  from private.channel_heads h
  where h.channel_id = p_thread.id and h.last_seq > 0;
  perform private.broadcast(
    'user:' || p_user_id, 'thread_membership',
    pg_catalog.jsonb_build_object('channel_id', p_thread.channel_id, 'thread_id', p_thread.id, 'is_member', true)
  );
  return true;
end
$$;

revoke all on function private.follow_thread(private.threads, uuid) from public, anon, authenticated, service_role;
