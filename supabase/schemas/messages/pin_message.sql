-- pin_message: Gate: pin_messages. Limits: message_pin per user.
create function private.pin_message(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'pin_messages');
  perform private.change_pin(p_channel_id, p_seq, true);
end
$$;

revoke all on function private.pin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.pin_message(uuid, bigint) to authenticated;

create function public.pin_message(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.pin_message(p_channel_id, p_seq); $$;

comment on function public.pin_message(uuid, bigint) is
$$Pins a message, at most 50 in a channel, and says so in the channel. Pinned already: nothing happens. Needs
`pin_messages`.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.pin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.pin_message(uuid, bigint) to authenticated;
