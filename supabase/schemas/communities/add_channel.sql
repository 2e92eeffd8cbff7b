-- add_channel: puts a channel at the end of its group and resolves every class's rights in it.
-- The caller has checked the right, and holds change_access for the community or nobody else can know of it yet.
create function private.add_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  insert into public.channels (community_id, group_id, kind, name, position)
  select p_community_id, p_group_id, p_kind, p_name, coalesce(pg_catalog.max(c.position) + 1, 0)
  from public.channels c
  where c.community_id = p_community_id and c.group_id is not distinct from p_group_id
  returning * into v_channel;

  perform private.resolve_access(p_community_id, p_channel_id => v_channel.id);
  return v_channel;
end
$$;

revoke all on function private.add_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
