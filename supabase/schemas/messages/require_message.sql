-- require_message: the message with this number, as far as readers of the channel see it.
create function private.require_message(p_channel_id uuid, p_seq bigint, p_field text default 'p_seq')
returns public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_channel_id and m.seq = p_seq
    and not private.is_hidden(m.channel_id, m.author_id, m.created_at);
  if not found then
    perform private.fail('not_found', 'There is no such message.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  return v_message;
end
$$;

revoke all on function private.require_message(uuid, bigint, text) from public, anon, authenticated, service_role;
