-- list_messages: a page by number, newest page first, each page ascending. Gate: read_history.
-- What a ban has hidden is passed over (see is_hidden), so a page is full all the same: each message is asked about by one
-- look into the index, however many bans there are. That its author may be gone keeps the planner from joining instead,
-- for which it would read the whole channel. Each branch is one range of the primary key, read from one end.
create function private.list_messages(
  p_channel_id uuid,
  p_limit integer,
  p_before_seq bigint,
  p_after_seq bigint,
  p_around_seq bigint
)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select c.community_id from public.channels c where c.id = p_channel_id);
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);

  if pg_catalog.num_nonnulls(p_before_seq, p_after_seq, p_around_seq) > 1 then
    perform private.fail('invalid_argument', 'Ask for before, after or around, not for two of them.', 422);
  end if;

  if p_after_seq is not null then
    return query
    select m.* from public.messages m
    where m.channel_id = p_channel_id and m.seq > p_after_seq
      and (m.author_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
      ))
    order by m.seq
    limit p_limit;
  elsif p_around_seq is not null then
    return query
    select * from (
      (select m.* from public.messages m
       where m.channel_id = p_channel_id and m.seq <= p_around_seq
         and (m.author_id is null or not exists (
           select from private.hidden_messages h
           where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
         ))
       order by m.seq desc
       limit (p_limit + 1) / 2)
      union all
      (select m.* from public.messages m
       where m.channel_id = p_channel_id and m.seq > p_around_seq
         and (m.author_id is null or not exists (
           select from private.hidden_messages h
           where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
         ))
       order by m.seq
       limit p_limit / 2)
    ) page
    order by page.seq;
  else
    return query
    select * from (
      select m.* from public.messages m
      where m.channel_id = p_channel_id and m.seq < coalesce(p_before_seq, 9223372036854775807)
        and (m.author_id is null or not exists (
          select from private.hidden_messages h
          where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
        ))
      order by m.seq desc
      limit p_limit
    ) page
    order by page.seq;
  end if;
end
$$;

revoke all on function private.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function private.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;

create function public.list_messages(
  p_channel_id uuid,
  p_limit integer default 50,
  p_before_seq bigint default null,
  p_after_seq bigint default null,
  p_around_seq bigint default null
)
returns setof public.messages
language sql stable security invoker set search_path = ''
as $$ select * from private.list_messages(p_channel_id, p_limit, p_before_seq, p_after_seq, p_around_seq); $$;

comment on function public.list_messages(uuid, integer, bigint, bigint, bigint) is
$$Returns a page of a channel's messages, always ascending by `seq`. Needs `read_history`.
Without a bound: the newest. At most one bound may be given.
@param p_limit 1 to 100
@param p_before_seq the newest messages below this number
@param p_after_seq the oldest messages above this number
@param p_around_seq the message of this number with as many before as after it
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;
