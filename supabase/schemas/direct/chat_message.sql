-- chat_message: a message of a pair as a row of chat_messages.
create function private.chat_message(p_message public.messages, p_pair private.chat_pair)
returns public.chat_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_is_ones boolean := p_message.author_id = p_pair.one_id;
  v_row public.chat_messages;
begin
  v_row.id := p_message.channel_id || ':' || p_message.seq;
  v_row.thread_id := p_pair.thread_id;
  v_row.channel_id := p_message.channel_id;
  v_row.seq := p_message.seq;
  v_row.sender_mongo_id := case when v_is_ones then p_pair.one_mongo_id else p_pair.other_mongo_id end;
  v_row.recipient_mongo_id := case when v_is_ones then p_pair.other_mongo_id else p_pair.one_mongo_id end;
  v_row.sender_supabase_id := p_message.author_id;
  v_row.recipient_supabase_id := case when v_is_ones then p_pair.other_id else p_pair.one_id end;
  v_row.body := p_message.body;
  v_row.client_id := p_message.client_nonce;
  v_row.created_at := p_message.created_at;
  v_row.edited_at := p_message.edited_at;
  return v_row;
end
$$;

revoke all on function private.chat_message(public.messages, private.chat_pair) from public, anon, authenticated, service_role;
