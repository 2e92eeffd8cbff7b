-- unblock_user: Limits: block_change per user.
create function private.unblock_user(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'block_change');
begin
  delete from private.blocks b where b.blocker_id = v_user_id and b.blocked_id = p_user_id;
  if found then
    perform private.broadcast(
      'user:' || v_user_id, 'blocks_changed',
      pg_catalog.jsonb_build_object('user_id', p_user_id, 'is_blocked', false)
    );
  end if;
end
$$;

revoke all on function private.unblock_user(uuid) from public, anon, authenticated, service_role;
grant execute on function private.unblock_user(uuid) to authenticated;

create function public.unblock_user(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unblock_user(p_user_id); $$;

comment on function public.unblock_user(uuid) is
$$Ends a block: the caller sees friendship and requests as they are by now.
@param p_user_id whom
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.unblock_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.unblock_user(uuid) to authenticated;
