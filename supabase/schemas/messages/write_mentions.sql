-- write_mentions: keeps who is mentioned by a message, in place of whom it mentioned before.
create function private.write_mentions(p_message public.messages)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.message_mentions w where w.channel_id = p_message.channel_id and w.seq = p_message.seq;
  update private.channel_heads h
  set last_mention_seq = greatest(h.last_mention_seq, p_message.seq)
  where h.channel_id = p_message.channel_id and p_message.mentions is not null;
  insert into private.message_mentions (channel_id, subject_id, seq)
  select p_message.channel_id, s.id, p_message.seq
  from (
    select i.id::uuid as id
    from pg_catalog.jsonb_array_elements_text((p_message.mentions -> 'user_ids') || (p_message.mentions -> 'role_ids')) as i (id)
    union
    select r.id
    from private.channel_heads c
    join public.roles r on r.community_id = c.community_id and r.is_default
    where c.channel_id = p_message.channel_id and (p_message.mentions ->> 'everyone')::boolean
  ) s;
end
$$;

revoke all on function private.write_mentions(public.messages) from public, anon, authenticated, service_role;
