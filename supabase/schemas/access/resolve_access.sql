-- resolve_access: the whole rule, in one statement. It is Discord's documented order, because people know it:
--
--   1. The owner, or whoever holds a role with administrator: everything.
--   2. base = the default role's permissions and those of all granted roles.
--   3. In a channel: the default role's denies go, its allows come; then the denies of all granted roles together go and
--      all their allows come (so among roles an allow beats a deny, and position does not matter); then the member's own.
--   4. Without view_channel: nothing. Without send_messages: no mention_everyone, attach_files, embed_links.
--      Without connect in a voice channel: nothing but seeing it.
--
-- Timeouts are applied at the read (see channel_permissions). With p_access_class_id or p_channel_id only that class's
-- or that channel's answers are resolved: a new class or a new channel changes nobody else's.
create function private.resolve_access(
  p_community_id uuid,
  p_access_class_id uuid default null,
  p_channel_id uuid default null
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_administrator bigint := private.permission_mask('administrator');
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_needs_send bigint := private.permission_mask('mention_everyone', 'attach_files', 'embed_links');
  v_connect bigint := private.permission_mask('connect');
  v_everything bigint;
  v_in_channels bigint;
begin
  select pg_catalog.bit_or(1::bigint << c.bit), pg_catalog.bit_or(1::bigint << c.bit) filter (where c.scope <> 'community')
  into v_everything, v_in_channels
  from public.permissions_catalog c;

  -- Tiers 1 and 2: the class in the community as a whole.
  update private.access_classes a
  set permissions = resolved.permissions
  from (
    select
      k.id,
      case
        when k.member_id = c.owner_id or pg_catalog.bit_or(r.permissions) & v_administrator <> 0 then v_everything
        else pg_catalog.bit_or(r.permissions)
      end as permissions
    from private.access_classes k
    join public.communities c on c.id = k.community_id
    join public.roles r on r.community_id = k.community_id and (r.is_default or r.id = any (k.role_ids))
    where k.community_id = p_community_id
      and (p_access_class_id is null or k.id = p_access_class_id)
    group by k.id, k.member_id, c.owner_id
  ) resolved
  where a.id = resolved.id and a.permissions <> resolved.permissions;

  -- Tiers 3 and 4: the class in each channel.
  insert into private.channel_access as ca (access_class_id, channel_id, permissions)
  select
    t.access_class_id,
    t.channel_id,
    v_in_channels & case
      when t.base & v_administrator <> 0 then v_everything
      when t.overwritten & v_view = 0 then 0
      when t.kind = 'voice' and t.overwritten & v_connect = 0 then t.overwritten & v_view
      when t.overwritten & v_send = 0 then t.overwritten & ~v_needs_send
      else t.overwritten
    end
  from (
    select
      a.id as access_class_id,
      c.id as channel_id,
      c.kind,
      a.permissions as base,
      ((((((a.permissions & ~o.default_deny) | o.default_allow)
        & ~o.roles_deny) | o.roles_allow)
        & ~o.member_deny) | o.member_allow) as overwritten
    from private.access_classes a
    join public.channels c on c.community_id = a.community_id
    cross join lateral (
      select
        coalesce(pg_catalog.bit_or(w.deny) filter (where r.is_default), 0) as default_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where r.is_default), 0) as default_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where not r.is_default), 0) as roles_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where not r.is_default), 0) as roles_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where w.user_id is not null), 0) as member_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where w.user_id is not null), 0) as member_allow
      from public.channel_overwrites w
      left join public.roles r on r.community_id = w.community_id and r.id = w.role_id
      where w.community_id = a.community_id
        and w.channel_id = c.id
        and (r.is_default or w.role_id = any (a.role_ids) or w.user_id = a.member_id)
    ) o
    where a.community_id = p_community_id
      and (p_access_class_id is null or a.id = p_access_class_id)
      and (p_channel_id is null or c.id = p_channel_id)
  ) t
  on conflict (access_class_id, channel_id) do update
    set permissions = excluded.permissions
    where ca.permissions <> excluded.permissions;
end
$$;

revoke all on function private.resolve_access(uuid, uuid, uuid) from public, anon, authenticated, service_role;
