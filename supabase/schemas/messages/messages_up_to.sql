-- messages_up_to, messages_after: one range of the primary key, read from one end. What a ban has hidden is passed over, so
-- a page is full all the same: each message is asked about by one look into the index, however many bans there are. That
-- its author may be gone keeps the planner from joining instead, for which it would read the whole channel.
create function private.messages_up_to(p_channel_id uuid, p_seq bigint, p_limit integer)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
begin
  return query
  select m.* from public.messages m
  where m.channel_id = p_channel_id and m.seq <= p_seq
    and (m.author_id is null or not exists (
      select from private.hidden_messages h
      where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
    ))
  order by m.seq desc
  limit p_limit;
end
$$;

revoke all on function private.messages_up_to(uuid, bigint, integer) from public, anon, authenticated, service_role;
