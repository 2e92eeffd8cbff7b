-- fetch_chat_history: one range of the primary key of messages, read from one end. Gate: see require_chat_thread. In direct channels no
-- ban hides anything.
create function private.fetch_chat_history(
  _thread_id text,
  _before_seq bigint,
  _after_seq bigint,
  _before timestamptz,
  _limit integer
)
returns setof public.chat_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair := private.require_chat_thread(_thread_id);
  v_limit integer := least(greatest(coalesce(_limit, 50), 1), 100);
  v_before_seq bigint := coalesce(_before_seq, 9223372036854775807);
begin
  if pg_catalog.num_nonnulls(_before_seq, _after_seq, _before) > 1 then
    perform private.fail('invalid_argument', 'Ask for before or after, by number or by time, not for two of them.', 422);
  end if;
  if _after_seq is not null then
    return query
    select c.*
    from (
      select m from public.messages m
      where m.channel_id = v_pair.channel_id and m.seq > _after_seq and m.kind = 'text'
      order by m.seq
      limit v_limit
    ) page
    cross join lateral private.chat_message(page.m, v_pair) c
    order by c.seq;
    return;
  end if;

  if _before is not null then
    -- Times rise with numbers, so one look into the index by time says where to begin.
    v_before_seq := coalesce((
      select m.seq + 1 from public.messages m
      where m.channel_id = v_pair.channel_id and m.created_at < _before and m.kind = 'text'
      order by m.created_at desc, m.seq desc
      limit 1
    ), 0);
  end if;
  return query
  select c.*
  from (
    select m from public.messages m
    where m.channel_id = v_pair.channel_id and m.seq < v_before_seq and m.kind = 'text'
    order by m.seq desc
    limit v_limit
  ) page
  cross join lateral private.chat_message(page.m, v_pair) c
  order by c.seq desc;
end
$$;

revoke all on function private.fetch_chat_history(text, bigint, bigint, timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function private.fetch_chat_history(text, bigint, bigint, timestamptz, integer) to authenticated;

create function public.fetch_chat_history(
  _thread_id text,
  _before_seq bigint default null,
  _after_seq bigint default null,
  _before timestamptz default null,
  _limit integer default 50
)
returns setof public.chat_messages
language sql stable security invoker set search_path = ''
as $$ select * from private.fetch_chat_history(_thread_id, _before_seq, _after_seq, _before, _limit); $$;

comment on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) is
$$Returns a page of a chat: the newest, or those before a number or a time, the newest first; or those after a number, the oldest first. At
most one bound may be given. Another's thread is not told from one that does not exist.
@param _thread_id both ids in the order of their bytes, joined by `_`
@param _before_seq the newest below this number
@param _after_seq the oldest above this number
@param _before the newest that were sent strictly before this time
@param _limit {number | null} 1 to 100; what is below or above is taken as the nearest of them, null as 50
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) from public, anon, authenticated, service_role;
grant execute on function public.fetch_chat_history(text, bigint, bigint, timestamptz, integer) to authenticated;
