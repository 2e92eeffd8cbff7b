-- assign_access_classes: gives members the classes that their roles and overwrites ask for now, and removes classes that
-- nobody is left in. Returns the channels that somebody does not receive any more (see resolve_access).
-- The caller holds change_access for the community. Cost: one update per member whose class changes, one resolution per
-- class that is new.
create function private.assign_access_classes(p_community_id uuid, p_user_ids uuid[])
returns uuid[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
  v_receive bigint := private.permission_mask('view_channel', 'read_history');
  v_manage bigint := private.permission_mask('manage_threads');
  v_connect bigint := private.permission_mask('connect');
  v_left uuid[];
  v_entered uuid[];
  v_lost uuid[];
  v_poorer uuid[];
begin
  with facts as materialized (
    select
      m.user_id,
      m.access_class_id as old_class_id,
      private.granted_role_ids(p_community_id, m.user_id) as role_ids,
      private.personal_class(p_community_id, m.user_id) as member_id,
      (
        -- Also one that has ended, so that the sweep still comes for it.
        select pg_catalog.min(g.expires_at)
        from public.member_roles g
        where g.community_id = p_community_id and g.user_id = m.user_id
      ) as expires_at
    from public.community_members m
    where m.community_id = p_community_id and m.user_id = any (p_user_ids)
  ), classes as materialized (
    select k.role_ids, k.member_id, private.access_class(p_community_id, k.role_ids, k.member_id) as id
    from (select distinct f.role_ids, f.member_id from facts f) k
  ), assigned as (
    update public.community_members m
    set access_class_id = k.id, access_expires_at = f.expires_at
    from facts f
    join classes k on k.role_ids = f.role_ids and k.member_id is not distinct from f.member_id
    where m.community_id = p_community_id
      and m.user_id = f.user_id
      and (m.access_class_id <> k.id or m.access_expires_at is distinct from f.expires_at)
    returning f.old_class_id, k.id as new_class_id
  )
  select pg_catalog.array_agg(d.old_class_id), pg_catalog.array_agg(d.new_class_id) into v_left, v_entered
  from (
    select distinct a.old_class_id, a.new_class_id from assigned a where a.old_class_id <> a.new_class_id
  ) d;

  select
    coalesce(
      pg_catalog.array_agg(distinct o.channel_id)
      filter (where
        o.permissions & v_receive = v_receive and n.permissions & v_receive <> v_receive
        or o.permissions & v_manage <> 0 and n.permissions & v_manage = 0
          and private.has_private_threads(p_community_id, o.channel_id)
        or o.permissions & v_connect <> 0 and n.permissions & v_connect = 0
          and exists (select from public.channels c where c.id = o.channel_id and c.kind = 'voice')
      ),
      '{}'
    ),
    pg_catalog.array_agg(distinct moved.old_class_id)
    filter (where o.permissions & v_view <> 0 and n.permissions & v_view = 0)
  into v_lost, v_poorer
  from rows from (pg_catalog.unnest(v_left), pg_catalog.unnest(v_entered)) as moved (old_class_id, new_class_id)
  join private.channel_access o on o.access_class_id = moved.old_class_id
  join private.channel_access n on n.access_class_id = moved.new_class_id and n.channel_id = o.channel_id
  where o.permissions <> n.permissions;

  -- Whoever lost a channel hears no more of what those who stay in the class see (see activity_topic).
  update private.access_classes a set topic_epoch = a.topic_epoch + 1 where a.id = any (v_poorer);
  perform private.remove_empty_classes(p_community_id, v_left);
  return v_lost;
end
$$;

revoke all on function private.assign_access_classes(uuid, uuid[]) from public, anon, authenticated, service_role;
