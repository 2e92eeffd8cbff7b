-- leave_thread: Gate: view_channel. Limits: thread_change per user.
create function private.leave_thread(p_thread_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.end_thread_membership(
    private.begin_thread_change(p_thread_id, 'view_channel', p_is_alone => true), (select auth.uid())
  );
end
$$;

revoke all on function private.leave_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_thread(uuid) to authenticated;

create function public.leave_thread(p_thread_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_thread(p_thread_id); $$;

comment on function public.leave_thread(uuid) is
$$Stops following a thread. A private one is not seen any more.
@errors session_required, not_found, rate_limited
@idempotent$$;

revoke all on function public.leave_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_thread(uuid) to authenticated;
