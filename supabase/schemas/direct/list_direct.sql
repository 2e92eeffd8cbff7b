-- list_direct: the caller's own. The page goes on by values and not by a row, which may be gone by then. What somebody else has begun
-- and not written in yet is not shown, nor is it told (see open_direct).
create function private.list_direct(p_before_at timestamptz, p_before_id uuid, p_limit integer)
returns setof public.direct_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_user();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_at is null) <> (p_before_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a channel, give both its time and its id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_id')
    );
  end if;

  return query
  select k.*
  from (
    select d.id, coalesce(h.last_message_at, d.created_at) as at
    from private.shown_direct_channels(v_user_id) m
    join private.direct_channels d on d.id = m.channel_id
    join private.channel_heads h on h.channel_id = d.id
    where (d.kind = 'group' or h.last_seq > 0 or d.opener_id = v_user_id)
      and (p_before_id is null or (coalesce(h.last_message_at, d.created_at), d.id) < (p_before_at, p_before_id))
    order by coalesce(h.last_message_at, d.created_at) desc, d.id desc
    limit p_limit
  ) page
  cross join lateral private.described_direct(page.id) k
  order by page.at desc, page.id desc;
end
$$;

revoke all on function private.list_direct(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_direct(timestamptz, uuid, integer) to authenticated;

create function public.list_direct(
  p_before_at timestamptz default null,
  p_before_id uuid default null,
  p_limit integer default 50
)
returns setof public.direct_channel
language sql stable security invoker set search_path = ''
as $$ select * from private.list_direct(p_before_at, p_before_id, p_limit); $$;

comment on function public.list_direct(timestamptz, uuid, integer) is
$$Returns a page of the caller's direct channels, those first in which something was said last. A page with fewer than `p_limit` is
the last.
@param p_before_at go on with older ones: the `last_message_at` of the last of the page before, where that is null its `created_at`
@param p_before_id and its `id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_direct(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_direct(timestamptz, uuid, integer) to authenticated;
