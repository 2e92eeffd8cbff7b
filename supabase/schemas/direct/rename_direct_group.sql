-- rename_direct_group: Gate: membership. Limits: direct_change per user.
create function private.rename_direct_group(p_channel_id uuid, p_name text)
returns public.direct_channel
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels := private.begin_direct_group_change(p_channel_id);
  v_name text := case when p_name is not null then private.require_name(p_name) end;
begin
  if v_name is distinct from v_group.name then
    perform private.take_token('direct_change', (select auth.uid())::text);
    update private.direct_channels d set name = v_name where d.id = p_channel_id;
    if v_name is not null then
      perform private.write_message(p_channel_id, 'channel_renamed', (select auth.uid()), v_name);
    end if;
    perform private.tell_direct_changed(p_channel_id);
  end if;
  return private.described_direct(p_channel_id);
end
$$;

revoke all on function private.rename_direct_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.rename_direct_group(uuid, text) to authenticated;

create function public.rename_direct_group(p_channel_id uuid, p_name text)
returns public.direct_channel
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.rename_direct_group(p_channel_id, p_name); $$;

comment on function public.rename_direct_group(uuid, text) is
$$Gives a group another name and returns it. Any member may.
@param p_name {string | null} 1 to 100 characters; null: none
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent
@sdk renameGroup$$;

revoke all on function public.rename_direct_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.rename_direct_group(uuid, text) to authenticated;
