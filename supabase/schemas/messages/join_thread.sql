-- join_thread: Gate: view_channel. Limits: thread_change per user.
create function private.join_thread(p_thread_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.follow_thread(private.begin_thread_change(p_thread_id, 'view_channel'), (select auth.uid()));
end
$$;

revoke all on function private.join_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.join_thread(uuid) to authenticated;

create function public.join_thread(p_thread_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.join_thread(p_thread_id); $$;

comment on function public.join_thread(uuid) is
$$Follows a thread: it is in `list_unread` from then on. What was written before counts as read. A private one is joined
by those who see it anyway; others are added.
@errors session_required, not_found, rate_limited
@idempotent$$;

revoke all on function public.join_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_thread(uuid) to authenticated;
