-- start_typing: Gate: send_messages. Limits: typing per user. By the server and not by a client's own broadcast: who may send
-- on a channel's topic could send anything there (see decision 0001), and here the sender is who it says.
create function private.start_typing(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  -- Before the gate: see hold_access.
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'send_messages');
  perform private.take_token('typing', v_user_id::text);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'typing', pg_catalog.jsonb_build_object('user_id', v_user_id)
  );
end
$$;

revoke all on function private.start_typing(uuid) from public, anon, authenticated, service_role;
grant execute on function private.start_typing(uuid) to authenticated;

create function public.start_typing(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.start_typing(p_channel_id); $$;

comment on function public.start_typing(uuid) is
$$Tells who has a channel open that the caller is writing. Call it every 8 seconds while they are; whoever hears it shows it
for 10. Needs `send_messages`.
@errors session_required, not_found, missing_permission, timed_out, rate_limited$$;

revoke all on function public.start_typing(uuid) from public, anon, authenticated, service_role;
grant execute on function public.start_typing(uuid) to authenticated;
