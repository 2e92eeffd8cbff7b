-- tell_direct_message: everybody in a direct channel hears on their own topic that something was said, whatever they have open: at most
-- 10 events. Not who is not shown the channel.
create function private.tell_direct_message(p_message public.messages)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'user:' || m.user_id, 'direct_message',
    pg_catalog.jsonb_build_object('channel_id', p_message.channel_id, 'seq', p_message.seq, 'author_id', p_message.author_id)
  )
  from private.direct_members m
  where m.channel_id = p_message.channel_id and not private.hides_direct_channel(m);
end
$$;

revoke all on function private.tell_direct_message(public.messages) from public, anon, authenticated, service_role;
