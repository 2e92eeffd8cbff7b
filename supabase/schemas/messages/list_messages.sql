-- list_messages: a page by number, the newest without a bound, each page ascending. Gate: read_history.
create function private.list_messages(
  p_channel_id uuid,
  p_limit integer,
  p_before_seq bigint,
  p_after_seq bigint,
  p_around_seq bigint
)
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_above integer := 0;
  v_middle bigint;
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);

  if pg_catalog.num_nonnulls(p_before_seq, p_after_seq, p_around_seq) > 1 then
    perform private.fail(
      'invalid_argument', 'Ask for before, after or around, not for two of them.', 422,
      pg_catalog.jsonb_build_object('field', case when p_around_seq is null then 'p_after_seq' else 'p_around_seq' end)
    );
  end if;
  if p_after_seq is not null then
    v_above := p_limit;
  elsif p_around_seq is not null then
    v_above := p_limit / 2;
  end if;
  -- The message in the middle of a page around it counts as one before it. Numbers begin at 1, so nothing is below 0.
  v_middle := case
    when p_before_seq is not null then greatest(p_before_seq, 1) - 1
    else coalesce(p_after_seq, p_around_seq, 9223372036854775807)
  end;

  return query
  select d.*
  from private.described_messages(array(
    select b from private.messages_up_to(p_channel_id, v_middle, p_limit - v_above) b where v_above < p_limit
    union all
    select a from private.messages_after(p_channel_id, v_middle, v_above) a where v_above > 0
  )) d
  order by d.seq;
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
returns setof public.described_message
language sql stable security invoker set search_path = ''
as $$ select * from private.list_messages(p_channel_id, p_limit, p_before_seq, p_after_seq, p_around_seq); $$;

comment on function public.list_messages(uuid, integer, bigint, bigint, bigint) is
$$Returns a page of a channel's messages, always ascending by `seq`, with all that is shown of them. Needs `read_history`.
Without a bound: the newest. At most one bound may be given.
@param p_limit 1 to 100
@param p_before_seq the newest messages below this number
@param p_after_seq the oldest messages above this number
@param p_around_seq the message of this number with as many before as after it
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;
