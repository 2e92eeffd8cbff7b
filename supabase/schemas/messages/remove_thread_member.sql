-- remove_thread_member: Gate: view_channel; whoever opened it while they may write in it, all others need manage_threads. Limits:
-- thread_change per user.
create function private.remove_thread_member(p_thread_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'view_channel', p_is_alone => true);
  perform private.require_in_thread(
    p_thread_id, case when v_thread.owner_id = v_user_id then 'send_messages' else 'manage_threads' end
  );
  if v_thread.kind <> 'private' then
    perform private.fail(
      'invalid_argument', 'Everybody who reads the channel may join this thread.', 422,
      pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  if not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id) then
    perform private.fail(
      'not_found', 'There is no such member in this thread.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.end_thread_membership(v_thread, p_user_id);
  if v_thread.owner_id is distinct from v_user_id then
    perform private.write_audit(
      v_thread.community_id, 'thread_member_removed', p_thread_id::text,
      pg_catalog.jsonb_build_object('user_id', p_user_id), p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.remove_thread_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.remove_thread_member(uuid, uuid, text) to authenticated;

create function public.remove_thread_member(p_thread_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_thread_member(p_thread_id, p_user_id, p_reason); $$;

comment on function public.remove_thread_member(uuid, uuid, text) is
$$Takes somebody out of a private thread; they see it no longer. Whoever opened it may, as long as they may write in it; others
need `manage_threads`.
@param p_reason up to 512 characters, for the audit log, where the thread is not one's own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.remove_thread_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.remove_thread_member(uuid, uuid, text) to authenticated;
