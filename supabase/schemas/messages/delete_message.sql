-- delete_message: Gate: view_channel for one's own, which is a right that a timeout leaves; manage_messages for others'.
-- Limits: message_delete per user. One's own that is gone already is no error, so that a retry is none.
create function private.delete_message(p_channel_id uuid, p_seq bigint, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  perform private.begin_message_change(p_channel_id, 'view_channel');
  if exists (
    select from private.tombstones t
    where t.channel_id = p_channel_id and t.seq = p_seq and t.author_id = (select auth.uid())
  ) then
    return;
  end if;
  v_message := private.require_message(p_channel_id, p_seq);
  if v_message.author_id is distinct from (select auth.uid()) then
    perform private.require_in_channel(p_channel_id, 'manage_messages');
  end if;
  perform private.take_token('message_delete', (select auth.uid())::text);
  perform private.remove_messages(p_channel_id, array[p_seq], p_reason);
end
$$;

revoke all on function private.delete_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_message(uuid, bigint, text) to authenticated;

create function public.delete_message(p_channel_id uuid, p_seq bigint, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_message(p_channel_id, p_seq, p_reason); $$;

comment on function public.delete_message(uuid, bigint, text) is
$$Deletes one's own message, or with `manage_messages` anybody's. Its number is never given again; what it said is gone from
everywhere, also what it said before it was edited.
@param p_reason up to 512 characters, for the audit log, where the message is somebody else's
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_message(uuid, bigint, text) to authenticated;
