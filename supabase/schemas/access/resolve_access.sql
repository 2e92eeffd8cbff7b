-- resolve_access: stores what the rule (rights_in) gives each access class, where it differs from what is stored.
-- Returns the channels that somebody does not receive any more: whoever may not view a channel or not read its history
-- is not on its topic, so those topics have to move; and so with who does not manage its private threads any more, and in a voice
-- channel with who may not connect any more (see voice_topic). Every class has members, so a class that lost is somebody who lost.
-- With p_access_class_id or p_channel_id only that class's or that channel's answers are resolved: a new class or a new
-- channel changes nobody else's. The caller holds change_access, or hold_access where it resolves a class of its own.
create function private.resolve_access(
  p_community_id uuid,
  p_access_class_id uuid default null,
  p_channel_id uuid default null
)
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_receive bigint := private.permission_mask('view_channel', 'read_history');
  v_manage bigint := private.permission_mask('manage_threads');
  v_connect bigint := private.permission_mask('connect');
  v_lost uuid[];
begin
  update private.access_classes a
  set permissions = resolved.permissions
  from (
    select k.id, private.base_permissions(k.community_id, k.role_ids, k.member_id) as permissions
    from private.access_classes k
    where k.community_id = p_community_id
      and (p_access_class_id is null or k.id = p_access_class_id)
  ) resolved
  where a.id = resolved.id and a.permissions <> resolved.permissions;

  with changed as materialized (
    select
      a.id as access_class_id, r.place_id as channel_id, r.permissions,
      ca.permissions & v_receive = v_receive and r.permissions & v_receive <> v_receive
        or ca.permissions & v_manage <> 0 and r.permissions & v_manage = 0
          and private.has_private_threads(p_community_id, r.place_id)
        or ca.permissions & v_connect <> 0 and r.permissions & v_connect = 0
          and exists (select from public.channels c where c.id = r.place_id and c.kind = 'voice') as is_lost
    from private.access_classes a
    cross join lateral private.rights_in(a.community_id, a.role_ids, a.member_id, p_channel_id) r
    left join private.channel_access ca on ca.access_class_id = a.id and ca.channel_id = r.place_id
    where a.community_id = p_community_id
      and (p_access_class_id is null or a.id = p_access_class_id)
      and ca.permissions is distinct from r.permissions
  ), stored as (
    insert into private.channel_access (access_class_id, channel_id, permissions)
    select c.access_class_id, c.channel_id, c.permissions from changed c
    on conflict (access_class_id, channel_id) do update set permissions = excluded.permissions
  )
  select coalesce(pg_catalog.array_agg(distinct c.channel_id) filter (where c.is_lost), '{}') into v_lost
  from changed c;
  return v_lost;
end
$$;

revoke all on function private.resolve_access(uuid, uuid, uuid) from public, anon, authenticated, service_role;
