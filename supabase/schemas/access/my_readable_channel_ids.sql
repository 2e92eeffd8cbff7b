-- my_readable_channel_ids: the channels of which the caller reads the messages: those of communities, and the direct ones that they are
-- shown (see direct_permissions: who is shown one may read it). Threads are read by functions only. One array, because by it the policy on
-- messages narrows the index; beside a second condition, joined by `or`, it would filter every message there is.
create function private.my_readable_channel_ids()
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.my_channel_ids('view_channel', 'read_history')
    || array(select m.channel_id from private.shown_direct_channels((select auth.uid())) m);
end
$$;

revoke all on function private.my_readable_channel_ids() from public, anon, authenticated, service_role;
grant execute on function private.my_readable_channel_ids() to authenticated;
