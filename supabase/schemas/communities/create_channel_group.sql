-- create_channel_group: a heading at the end. Gate: manage_channels.
create function private.create_channel_group(p_community_id uuid, p_name text)
returns public.channel_groups
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_group public.channel_groups;
begin
  perform private.begin_change(p_community_id, 'manage_channels');
  if (select pg_catalog.count(*) from public.channel_groups g where g.community_id = p_community_id) >= 100 then
    perform private.fail('limit_reached', 'A community has at most 100 groups.', 409);
  end if;

  insert into public.channel_groups (community_id, name, position)
  select p_community_id, v_name, coalesce(pg_catalog.max(g.position) + 1, 0)
  from public.channel_groups g
  where g.community_id = p_community_id
  returning * into v_group;

  perform private.announce(
    p_community_id, 'channel_group_created', pg_catalog.jsonb_build_object('group_id', v_group.id)
  );
  perform private.write_audit(
    p_community_id, 'channel_group_created', v_group.id::text, p_after => pg_catalog.jsonb_build_object('name', v_name)
  );
  return v_group;
end
$$;

revoke all on function private.create_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.create_channel_group(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.create_channel_group(p_community_id uuid, p_name text)
returns public.channel_groups
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_channel_group(p_community_id, p_name); $$;

comment on function public.create_channel_group(uuid, text) is
$$Creates a group of channels at the end of the community's list. Needs `manage_channels`. There are at most
100.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited$$;

revoke all on function public.create_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.create_channel_group(uuid, text) to authenticated;
