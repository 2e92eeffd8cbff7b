-- get_direct: Gate: membership.
create function private.get_direct(p_channel_id uuid)
returns public.direct_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.direct_channel;
begin
  perform private.require_in_channel(p_channel_id, 'view_channel');
  v_described := private.described_direct(p_channel_id);
  -- A channel of a community is none.
  if v_described.id is null then
    perform private.fail(
      'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_described;
end
$$;

revoke all on function private.get_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_direct(uuid) to authenticated;

create function public.get_direct(p_channel_id uuid)
returns public.direct_channel
language sql stable security invoker set search_path = ''
as $$ select private.get_direct(p_channel_id); $$;

comment on function public.get_direct(uuid) is
$$Returns one of the caller's direct channels.
@errors session_required, not_found$$;

revoke all on function public.get_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_direct(uuid) to authenticated;
