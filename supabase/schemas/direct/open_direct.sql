-- open_direct: the one channel of two people, which is begun where there is none. Limits: direct_open per user, for a new one.
-- However many calls race, on either side, the index over the pair lets one of them make it, and the others wait and find it.
-- ensure_direct: what it does, for whatever the caller is asked by: p_field is the name of their argument in what is refused.
create function private.ensure_direct(p_user_id uuid, p_field text)
returns uuid
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_account();
  v_low_id uuid := least(v_caller_id, p_user_id);
  v_high_id uuid := greatest(v_caller_id, p_user_id);
  v_channel_id uuid;
begin
  if not private.has_blocked(v_caller_id, p_user_id) then
    select d.id into v_channel_id from private.direct_channels d where d.low_id = v_low_id and d.high_id = v_high_id;
    if found then
      return v_channel_id;
    end if;
  end if;
  perform private.require_direct_recipient(p_user_id, p_field);
  perform private.take_token('direct_open', v_caller_id::text);

  insert into private.direct_channels (kind, low_id, high_id, opener_id)
  values ('pair', v_low_id, v_high_id, v_caller_id)
  on conflict (low_id, high_id) do nothing
  returning id into v_channel_id;
  if not found then
    return (select d.id from private.direct_channels d where d.low_id = v_low_id and d.high_id = v_high_id);
  end if;
  insert into private.direct_members (channel_id, user_id, added_by)
  select v_channel_id, m.id, v_caller_id from pg_catalog.unnest(array[v_caller_id, p_user_id]) as m (id);
  -- The other hears of it with the first message.
  perform private.broadcast(
    'user:' || v_caller_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', v_channel_id)
  );
  return v_channel_id;
end
$$;

revoke all on function private.ensure_direct(uuid, text) from public, anon, authenticated, service_role;

create function private.open_direct(p_user_id uuid)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  -- In a statement of its own: described_direct sees what was there when its statement began.
  v_channel_id uuid := private.ensure_direct(p_user_id, 'p_user_id');
begin
  return private.described_direct(v_channel_id);
end
$$;

revoke all on function private.open_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function private.open_direct(uuid) to authenticated;

create function public.open_direct(p_user_id uuid)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.open_direct(p_user_id); $$;

comment on function public.open_direct(uuid) is
$$Returns the direct channel of the caller and somebody else, and begins it where there is none: with a friend, or somebody of the
same community, as far as they take direct messages (`missing_permission`). What was begun once is always found again.
@param p_user_id the other
@errors session_required, not_found, missing_permission, blocked, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.open_direct(uuid) from public, anon, authenticated, service_role;
grant execute on function public.open_direct(uuid) to authenticated;
