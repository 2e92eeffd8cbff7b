-- ensure_chat_thread: open_direct by external ids, with all its gates and limits.
create function private.ensure_chat_thread(_other_mongo_id text)
returns public.chat_threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel_id uuid;
  v_thread public.chat_threads;
begin
  perform private.require_chat_id();
  v_channel_id := private.ensure_direct(
    private.user_of_external_id(private.chat_provider(), _other_mongo_id), '_other_mongo_id'
  );
  select t.thread_id, t.channel_id, t.other_mongo_id, t.other_id, t.last_seq, t.last_message_at, t.unread, t.created_at
  into v_thread
  from private.my_chat_threads() t
  where t.channel_id = v_channel_id;
  -- Unlinked in this moment.
  if not found then
    perform private.fail(
      'not_found', 'There is no such person.', 404, pg_catalog.jsonb_build_object('field', '_other_mongo_id')
    );
  end if;
  return v_thread;
end
$$;

revoke all on function private.ensure_chat_thread(text) from public, anon, authenticated, service_role;
grant execute on function private.ensure_chat_thread(text) to authenticated;

create function public.ensure_chat_thread(_other_mongo_id text)
returns public.chat_threads
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.ensure_chat_thread(_other_mongo_id); $$;

comment on function public.ensure_chat_thread(text) is
$$Returns the chat of the caller and somebody else, and begins it where there is none, as `open_direct` does, by its rules. Both need an
external id: `not_linked` where the caller has none, `not_found` where nobody has the other.
@param _other_mongo_id the other's external id
@errors session_required, not_linked, not_found, missing_permission, blocked, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.ensure_chat_thread(text) from public, anon, authenticated, service_role;
grant execute on function public.ensure_chat_thread(text) to authenticated;
