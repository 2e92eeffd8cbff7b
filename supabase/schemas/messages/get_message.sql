-- get_message: Gate: read_history.
create function private.get_message(p_channel_id uuid, p_seq bigint)
returns public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.require_in_channel(p_channel_id, 'read_history');
begin
  return private.described(private.require_message(p_channel_id, p_seq), v_held);
end
$$;

revoke all on function private.get_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.get_message(uuid, bigint) to authenticated;

create function public.get_message(p_channel_id uuid, p_seq bigint)
returns public.described_message
language sql stable security invoker set search_path = ''
as $$ select private.get_message(p_channel_id, p_seq); $$;

comment on function public.get_message(uuid, bigint) is
$$Returns one message of a channel. Needs `read_history`.
@errors session_required, not_found, missing_permission$$;

revoke all on function public.get_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.get_message(uuid, bigint) to authenticated;
