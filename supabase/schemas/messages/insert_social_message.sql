-- insert_social_message: send_message under the names of the social surface. Gate, limits and idempotency are those of
-- send_message, which does all of it.
create function private.insert_social_message(p_channel_id uuid, p_body text, p_client_id text)
returns public.social_messages
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_sent public.described_message;
  v_message public.social_messages;
begin
  -- send_message refuses it, too, by a name that is no argument here. Whoever may not send is told that first.
  if pg_catalog.char_length(p_client_id) not between 1 and 64 then
    perform private.require_in_channel(p_channel_id, 'send_messages');
    perform private.fail(
      'invalid_argument', 'A client id has 1 to 64 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_client_id')
    );
  end if;

  v_sent := private.send_message(p_channel_id, p_body, p_client_id, null::bigint, null::jsonb);
  select s.* into v_message
  from public.social_messages s
  where s.channel_id = v_sent.channel_id and s.seq = v_sent.seq;
  return v_message;
end
$$;

revoke all on function private.insert_social_message(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.insert_social_message(uuid, text, text) to authenticated;

-- The timeout: see send_message.
create function public.insert_social_message(p_channel_id uuid, p_body text, p_client_id text default null)
returns public.social_messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.insert_social_message(p_channel_id, p_body, p_client_id); $$;

comment on function public.insert_social_message(uuid, text, text) is
$$Sends a message to a channel, as `send_message` does, and returns it. Needs `send_messages`.
The same sender and client id give the same message back, for ever, and nothing is sent twice; when it has been deleted
meanwhile: `expired`.
@param p_body 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C
@param p_client_id the sender's own mark, 1 to 64 characters; choose a new one for each message
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, expired, limit_reached, slow_mode, rate_limited
@idempotent by p_client_id$$;

revoke all on function public.insert_social_message(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.insert_social_message(uuid, text, text) to authenticated;
