-- mark_read: Gate: view_channel. Limits: mark_read per user.
create function private.mark_read(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_seq bigint;
begin
  -- Before the gate, so that a membership that is about to end is not written to.
  perform private.hold_access(v_community_id);
  perform private.require_in_channel(p_channel_id, 'view_channel');
  if p_seq is null or p_seq < 0 then
    perform private.fail(
      'invalid_argument', 'Messages are numbered from 1.', 422, pg_catalog.jsonb_build_object('field', 'p_seq')
    );
  end if;
  perform private.take_token('mark_read', v_user_id::text);

  -- What is not written yet is not read.
  select least(p_seq, h.last_seq) into v_seq from private.channel_heads h where h.channel_id = p_channel_id;
  if private.advance_read(v_community_id, p_channel_id, v_user_id, v_seq) then
    perform private.broadcast(
      'user:' || v_user_id, 'channel_read',
      pg_catalog.jsonb_build_object('channel_id', p_channel_id, 'last_read_seq', v_seq)
    );
  end if;
end
$$;

revoke all on function private.mark_read(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.mark_read(uuid, bigint) to authenticated;

create function public.mark_read(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.mark_read(p_channel_id, p_seq); $$;

comment on function public.mark_read(uuid, bigint) is
$$Says that the caller has read a channel up to a message; their other devices hear of it. Never goes back.
@param p_seq the number of the last message read; above the newest: all of them
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.mark_read(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.mark_read(uuid, bigint) to authenticated;
