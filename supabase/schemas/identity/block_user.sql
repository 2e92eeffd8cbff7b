-- block_user: Limits: block_change per user. Nothing else is written, see blocks; and nobody but the caller is told.
create function private.block_user(p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.begin_relation_change(p_user_id, 'block_change');
begin
  insert into private.blocks (blocker_id, blocked_id, created_at)
  values (v_user_id, p_user_id, pg_catalog.clock_timestamp())
  on conflict do nothing;
  if found then
    perform private.broadcast(
      'user:' || v_user_id, 'blocks_changed',
      pg_catalog.jsonb_build_object('user_id', p_user_id, 'is_blocked', true)
    );
  end if;
end
$$;

revoke all on function private.block_user(uuid) from public, anon, authenticated, service_role;
grant execute on function private.block_user(uuid) to authenticated;

create function public.block_user(p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.block_user(p_user_id); $$;

comment on function public.block_user(uuid) is
$$Blocks somebody: the caller's lists leave them out, and the caller hears nothing of what they do. They cannot tell.
Friendship and requests stay as they are, and are shown again after `unblock_user`.
@param p_user_id whom
@errors session_required, invalid_argument, not_found, rate_limited
@idempotent$$;

revoke all on function public.block_user(uuid) from public, anon, authenticated, service_role;
grant execute on function public.block_user(uuid) to authenticated;
