-- rights_in: the whole rule, for who holds these roles and, where p_member_id is given, is this member. It is Discord's
-- documented order, because people know it:
--
--   1. The owner, or whoever holds a role with administrator: everything.
--   2. base = the default role's permissions and those of all granted roles.
--   3. In a channel: the default role's denies go, its allows come; then the denies of all granted roles together go and
--      all their allows come (so among roles an allow beats a deny, and position does not matter); then the member's own.
--   4. Without view_channel: nothing. Without send_messages: no mention_everyone, attach_files, embed_links.
--      Without connect in a voice channel: nothing but seeing it.
--
-- A timeout is applied where rights are read: see channel_permissions. Tiers 1 and 2 are in base_permissions. What is stored
-- (resolve_access) and asked live (rights_now) comes from here. explain_permission takes the tiers from here and tells
-- step 4 and the timeout once more, in words: whoever changes those changes both, and the SDK's own resolver.
-- Without p_place_id: every channel of the community.
create function private.rights_in(
  p_community_id uuid,
  p_role_ids uuid[],
  p_member_id uuid,
  p_place_id uuid default null
)
returns setof private.rights
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_base bigint := private.base_permissions(p_community_id, p_role_ids, p_member_id);
  v_is_administrator boolean := v_base & private.permission_mask('administrator') <> 0;
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_needs_send bigint := private.permission_mask('mention_everyone', 'attach_files', 'embed_links');
  v_connect bigint := private.permission_mask('connect');
  -- What there is in channels at all: to kick somebody is no right in a channel, whoever holds it.
  v_in_channels bigint := (
    select pg_catalog.bit_or(1::bigint << k.bit) from public.permissions_catalog k where k.scope <> 'community'
  );
begin
  return query
  select
    t.id, v_base, t.default_deny, t.default_allow, t.roles_deny, t.roles_allow, t.member_deny, t.member_allow,
    v_in_channels & case
      when v_is_administrator then v_base
      when t.overwritten & v_view = 0 then 0
      when t.kind = 'voice' and t.overwritten & v_connect = 0 then v_view
      when t.overwritten & v_send = 0 then t.overwritten & ~v_needs_send
      else t.overwritten
    end
  from (
    select
      p.id, p.kind, o.*,
      ((((((v_base & ~o.default_deny) | o.default_allow)
        & ~o.roles_deny) | o.roles_allow)
        & ~o.member_deny) | o.member_allow) as overwritten
    from (
      select c.id, c.kind
      from public.channels c
      where c.community_id = p_community_id and (p_place_id is null or c.id = p_place_id)
      union all
      select g.id, 'text'
      from public.channel_groups g
      where g.community_id = p_community_id and g.id = p_place_id
    ) p
    cross join lateral (
      select
        coalesce(pg_catalog.bit_or(w.deny) filter (where r.is_default), 0) as default_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where r.is_default), 0) as default_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where not r.is_default), 0) as roles_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where not r.is_default), 0) as roles_allow,
        coalesce(pg_catalog.bit_or(w.deny) filter (where w.user_id is not null), 0) as member_deny,
        coalesce(pg_catalog.bit_or(w.allow) filter (where w.user_id is not null), 0) as member_allow
      from (
        select c.role_id, c.user_id, c.allow, c.deny from public.channel_overwrites c where c.channel_id = p.id
        union all
        select g.role_id, g.user_id, g.allow, g.deny from public.channel_group_overwrites g where g.group_id = p.id
      ) w
      left join public.roles r on r.community_id = p_community_id and r.id = w.role_id
      where r.is_default or w.role_id = any (p_role_ids) or w.user_id = p_member_id
    ) o
  ) t;
end
$$;

revoke all on function private.rights_in(uuid, uuid[], uuid, uuid) from public, anon, authenticated, service_role;
