-- require_in_thread: require_in_channel for what is asked of threads only. Returns the thread.
create function private.require_in_thread(p_thread_id uuid, p_permission text)
returns private.threads
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  perform private.require_in_channel(p_thread_id, p_permission, 'thread');
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  -- A channel that the caller sees is no thread either.
  if not found then
    perform private.fail(
      'not_found', 'There is no such thread.', 404, pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  return v_thread;
end
$$;

revoke all on function private.require_in_thread(uuid, text) from public, anon, authenticated, service_role;
