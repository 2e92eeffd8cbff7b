-- add_channel: puts a channel at the end of its group, synced with it, and resolves every class's rights in it.
-- The caller has checked the right, and holds change_access for the community or nobody else can know of it yet.
create function private.add_channel(p_community_id uuid, p_name text, p_kind text, p_group_id uuid)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  insert into public.channels (community_id, group_id, kind, name, position, is_synced)
  select p_community_id, p_group_id, p_kind, p_name, coalesce(pg_catalog.max(c.position) + 1, 0), p_group_id is not null
  from public.channels c
  where c.community_id = p_community_id and c.group_id is not distinct from p_group_id
  returning * into v_channel;

  insert into public.channel_overwrites (community_id, channel_id, role_id, user_id, allow, deny)
  select g.community_id, v_channel.id, g.role_id, g.user_id, g.allow, g.deny
  from public.channel_group_overwrites g
  where g.group_id = p_group_id;

  -- Whoever has a personal overwrite in the group has one in this channel now, and so a class of their own.
  perform private.assign_access_classes(
    p_community_id,
    array(select g.user_id from public.channel_group_overwrites g where g.group_id = p_group_id and g.user_id is not null)
  );
  perform private.resolve_access(p_community_id, p_channel_id => v_channel.id);
  return v_channel;
end
$$;

revoke all on function private.add_channel(uuid, text, text, uuid) from public, anon, authenticated, service_role;
