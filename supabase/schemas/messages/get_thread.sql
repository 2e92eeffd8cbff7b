-- get_thread: Gate: the right to see the thread, which is the one to read it.
create function private.get_thread(p_thread_id uuid)
returns public.thread
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.described_thread(private.require_in_thread(p_thread_id, 'view_channel'));
end
$$;

revoke all on function private.get_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_thread(uuid) to authenticated;

create function public.get_thread(p_thread_id uuid)
returns public.thread
language sql stable security invoker set search_path = ''
as $$ select private.get_thread(p_thread_id); $$;

comment on function public.get_thread(uuid) is
$$Returns a thread as it is now.
@errors session_required, not_found$$;

revoke all on function public.get_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_thread(uuid) to authenticated;
