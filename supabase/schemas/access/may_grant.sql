-- may_grant: whether a member could grant a role right now: manage_roles held and no timeout, the role strictly below,
-- and everything it gives, in the community and in single channels, held. For invites: who made one may have lost the
-- right to what it promises.
create function private.may_grant(p_community_id uuid, p_user_id uuid, p_role_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.base_permissions(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id
  );
begin
  return exists (
    select
    from public.roles r
    join public.community_members m on m.community_id = r.community_id and m.user_id = p_user_id
    where r.community_id = p_community_id
      and r.id = p_role_id
      and not r.is_default
      and r.position < private.member_rank(p_community_id, p_user_id)
      and r.permissions & ~v_held = 0
      and v_held & private.permission_mask('manage_roles') <> 0
      and (
        m.timed_out_until is null
        or m.timed_out_until <= pg_catalog.now()
        or v_held & private.permission_mask('administrator') <> 0
      )
  ) and not exists (
    select
    from public.channel_overwrites o
    join private.rights_now(p_community_id, p_user_id) held on held.place_id = o.channel_id
    where o.community_id = p_community_id and o.role_id = p_role_id and o.allow & ~held.permissions <> 0
  );
end
$$;

revoke all on function private.may_grant(uuid, uuid, uuid) from public, anon, authenticated, service_role;
