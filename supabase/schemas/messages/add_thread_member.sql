-- add_thread_member: Gate: send_messages in the thread, which its members hold. Limits: thread_change per user. Who does not read the
-- channel is not added, and is told apart from nobody.
create function private.add_thread_member(p_thread_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'send_messages');
  if v_thread.kind <> 'private' then
    perform private.fail(
      'invalid_argument', 'Everybody who reads the channel may join this thread themselves.', 422,
      pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  if not exists (
    select
    from public.community_members m
    join private.channel_access a on a.access_class_id = m.access_class_id and a.channel_id = v_thread.channel_id
    where m.community_id = v_thread.community_id and m.user_id = p_user_id
      and a.permissions & private.permission_mask('read_history') <> 0
  ) then
    perform private.fail(
      'not_found', 'There is no such member in this channel.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  if (select pg_catalog.count(*) from private.thread_members m where m.thread_id = p_thread_id) >= 100
    and not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id)
  then
    perform private.fail(
      'limit_reached', 'A private thread has at most 100 members.', 409, pg_catalog.jsonb_build_object('max', 100)
    );
  end if;
  perform private.follow_thread(v_thread, p_user_id);
end
$$;

revoke all on function private.add_thread_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.add_thread_member(uuid, uuid) to authenticated;

create function public.add_thread_member(p_thread_id uuid, p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_thread_member(p_thread_id, p_user_id); $$;

comment on function public.add_thread_member(uuid, uuid) is
$$Lets another member see a private thread. They hear of it on their devices. Needs the right to write in the thread.
@param p_user_id a member who reads the channel; at most 100 to a thread
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.add_thread_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.add_thread_member(uuid, uuid) to authenticated;
