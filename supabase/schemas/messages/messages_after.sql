-- messages_after: see messages_up_to.
create function private.messages_after(p_channel_id uuid, p_seq bigint, p_limit integer)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
begin
  return query
  select m.* from public.messages m
  where m.channel_id = p_channel_id and m.seq > p_seq
    and (m.author_id is null or not exists (
      select from private.hidden_messages h
      where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
    ))
  order by m.seq
  limit p_limit;
end
$$;

revoke all on function private.messages_after(uuid, bigint, integer) from public, anon, authenticated, service_role;
