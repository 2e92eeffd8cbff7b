-- open_group: Limits: direct_open per user, once for each who is added.
create function private.open_group(p_user_ids uuid[], p_name text)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_caller_id uuid := private.require_account();
  v_name text := case when p_name is not null then private.require_name(p_name) end;
  v_channel_id uuid;
  v_user_id uuid;
begin
  perform private.require_ids(p_user_ids, 'p_user_ids');
  if pg_catalog.cardinality(p_user_ids) not between 1 and 9 then
    perform private.fail(
      'invalid_argument', 'A group begins with 1 to 9 others.', 422, pg_catalog.jsonb_build_object('field', 'p_user_ids')
    );
  end if;
  foreach v_user_id in array p_user_ids loop
    perform private.require_direct_recipient(v_user_id, 'p_user_ids');
    perform private.take_token('direct_open', v_caller_id::text);
  end loop;

  insert into private.direct_channels (kind, opener_id, owner_id, name)
  values ('group', v_caller_id, v_caller_id, v_name)
  returning id into v_channel_id;
  foreach v_user_id in array v_caller_id || p_user_ids loop
    perform private.add_to_direct_group(v_channel_id, v_user_id);
  end loop;
  perform private.tell_direct_changed(v_channel_id);
  return private.described_direct(v_channel_id);
end
$$;

revoke all on function private.open_group(uuid[], text) from public, anon, authenticated, service_role;
grant execute on function private.open_group(uuid[], text) to authenticated;

create function public.open_group(p_user_ids uuid[], p_name text default null)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.open_group(p_user_ids, p_name); $$;

comment on function public.open_group(uuid[], text) is
$$Begins a new group with 1 to 9 others and returns it; the caller owns it. Each must be somebody to whom `open_direct` may write.
@param p_name 1 to 100 characters; left out: none
@errors session_required, not_found, missing_permission, blocked, invalid_argument, rate_limited$$;

revoke all on function public.open_group(uuid[], text) from public, anon, authenticated, service_role;
grant execute on function public.open_group(uuid[], text) to authenticated;
