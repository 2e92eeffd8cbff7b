-- thread_permissions: the caller's mask in a thread; null where there is no such thread, no membership, or it is not theirs to see:
-- a thread is known by what is said in its channel, so who may not read there does not know of it, nor of a private one who is not
-- its member. It is the channel's, as far as there is such a right in a thread, with send_in_threads in place of
-- send_messages. In a locked thread only who manages threads writes and reacts.
-- What the channel gives only along with send_messages (see rights_in) is not given back by send_in_threads.
create function private.thread_permissions(p_thread_id uuid, p_without_timeout boolean)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread private.threads;
  v_held bigint;
  v_manage bigint := private.permission_mask('manage_threads');
begin
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  if not found then
    return null;
  end if;
  v_held := private.channel_permissions(v_thread.channel_id, p_without_timeout);
  if v_held & private.permission_mask('read_history') = 0 then
    return null;
  end if;
  if v_thread.kind = 'private'
    and not exists (
      select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = (select auth.uid())
    )
    -- Seeing is what a timeout leaves, so it does not take the thread away either.
    and private.channel_permissions(v_thread.channel_id, true) & v_manage = 0
  then
    return null;
  end if;

  v_held := v_held & private.permission_mask(
    'view_channel', 'read_history', 'send_in_threads', 'manage_threads', 'attach_files', 'embed_links', 'add_reactions',
    'mention_everyone', 'pin_messages', 'manage_messages', 'bypass_slow_mode'
  );
  if v_thread.is_locked and v_held & v_manage = 0 then
    v_held := v_held & private.permission_mask('view_channel', 'read_history', 'manage_messages');
  end if;
  if v_held & private.permission_mask('send_in_threads') <> 0 then
    return v_held | private.permission_mask('send_messages');
  end if;
  return v_held & ~private.permission_mask('attach_files', 'embed_links', 'mention_everyone');
end
$$;

revoke all on function private.thread_permissions(uuid, boolean) from public, anon, authenticated, service_role;
