-- require_chat_thread: the gate of what is asked by thread id. Whoever is not one of the two, or is not shown the channel, is told the
-- same as of a thread that does not exist.
create function private.require_chat_thread(p_thread_id text)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair;
begin
  perform private.require_account();
  if p_thread_id is null or p_thread_id !~ '^[A-Za-z0-9-]{1,64}_[A-Za-z0-9-]{1,64}$'
    or p_thread_id is distinct from private.chat_thread_id(
      pg_catalog.split_part(p_thread_id, '_', 1), pg_catalog.split_part(p_thread_id, '_', 2)
    )
  then
    perform private.fail(
      'invalid_argument', 'A thread id is two external ids in the order of their bytes, joined by an underscore.', 422,
      pg_catalog.jsonb_build_object('field', '_thread_id')
    );
  end if;
  v_pair := private.find_chat_pair(p_thread_id);
  if private.direct_permissions(v_pair.channel_id) is null then
    perform private.fail('not_found', 'There is no such thread.', 404, pg_catalog.jsonb_build_object('field', '_thread_id'));
  end if;
  return v_pair;
end
$$;

revoke all on function private.require_chat_thread(text) from public, anon, authenticated, service_role;
