-- list_pins: at most 50. Gate: read_history.
create function private.list_pins(p_channel_id uuid)
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'read_history');

  return query
  select d.*
  from private.described_messages(array(
    select m from public.messages m
    where m.channel_id = p_channel_id and m.pinned_at is not null
      and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
    order by m.pinned_at desc, m.seq
  )) d;
end
$$;

revoke all on function private.list_pins(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_pins(uuid) to authenticated;

create function public.list_pins(p_channel_id uuid)
returns setof public.described_message
language sql stable security invoker set search_path = ''
as $$ select * from private.list_pins(p_channel_id); $$;

comment on function public.list_pins(uuid) is
$$Returns a channel's pinned messages, the last pinned first. Needs `read_history`.
@errors session_required, not_found, missing_permission$$;

revoke all on function public.list_pins(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_pins(uuid) to authenticated;
