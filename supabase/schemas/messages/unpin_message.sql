-- unpin_message: Gate: pin_messages. Limits: message_pin per user.
create function private.unpin_message(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'pin_messages');
  perform private.change_pin(p_channel_id, p_seq, false);
end
$$;

revoke all on function private.unpin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.unpin_message(uuid, bigint) to authenticated;

create function public.unpin_message(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unpin_message(p_channel_id, p_seq); $$;

comment on function public.unpin_message(uuid, bigint) is
$$Takes a pin away. Not pinned: nothing happens. Needs
`pin_messages`.
@errors session_required, not_found, missing_permission, timed_out, rate_limited
@idempotent$$;

revoke all on function public.unpin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.unpin_message(uuid, bigint) to authenticated;
