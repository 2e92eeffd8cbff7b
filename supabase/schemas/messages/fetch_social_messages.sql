-- fetch_social_messages: the newest messages down to a time, read from the newest end of the primary key.
-- Gate: read_history. What a ban has hidden is passed over, as in messages_up_to.
create function private.fetch_social_messages(p_channel_id uuid, p_limit integer, p_since timestamptz)
returns setof public.social_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_message public.social_messages;
begin
  perform private.require_in_channel(p_channel_id, 'read_history');

  -- Times rise with numbers, so the first message that is not after p_since ends the walk. It is let through for that,
  -- hidden or not: as a filter, p_since would go on to the channel's beginning.
  for v_message in
    select s.* from public.social_messages s
    where s.channel_id = p_channel_id
      and (s.created_at <= p_since or s.sender_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = v_community_id and h.author_id = s.sender_id and s.created_at between h.since and h.until
      ))
    order by s.seq desc
    limit v_limit
  loop
    exit when v_message.created_at <= p_since;
    return next v_message;
  end loop;
end
$$;

revoke all on function private.fetch_social_messages(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.fetch_social_messages(uuid, integer, timestamptz) to authenticated;

create function public.fetch_social_messages(
  p_channel_id uuid,
  p_limit integer default 50,
  p_since timestamptz default null
)
returns setof public.social_messages
language sql stable security invoker set search_path = ''
as $$ select * from private.fetch_social_messages(p_channel_id, p_limit, p_since); $$;

comment on function public.fetch_social_messages(uuid, integer, timestamptz) is
$$Returns what people wrote in a channel, the newest first. Needs `read_history`. Where more came after `p_since` than the
limit lets through, the oldest of them are left out.
@param p_limit {number | null} 1 to 200; what is below or above is taken as the nearest of them, null as 50
@param p_since only what was sent strictly after this time
@errors session_required, not_found, missing_permission$$;

revoke all on function public.fetch_social_messages(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.fetch_social_messages(uuid, integer, timestamptz) to authenticated;
