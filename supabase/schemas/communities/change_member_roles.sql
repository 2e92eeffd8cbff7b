-- change_member_roles: what granting, revoking and setting roles have in common, after the gate. Grants and revokes, each
-- role below the caller's own and the member below the caller. Only the owner changes their own roles: everybody else is
-- not below themselves. Granting gives a role's permissions, so they must be held; and see require_held_in_channels.
-- Roles that are held and granted again only get the new end; an earlier end takes them away, in time. Nothing changed: nothing is written or sent.
create function private.change_member_roles(
  p_community_id uuid,
  p_user_id uuid,
  p_granted uuid[],
  p_revoked uuid[],
  p_expires_at timestamptz,
  p_held bigint
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_id uuid;
  v_role public.roles;
  v_before jsonb;
  v_shortened uuid[];
begin
  if p_user_id is distinct from (select c.owner_id from public.communities c where c.id = p_community_id)
    or p_user_id <> (select auth.uid())
  then
    perform private.require_above_member(p_community_id, p_user_id);
  end if;

  foreach v_role_id in array p_granted || p_revoked loop
    v_role := private.require_above_role(p_community_id, v_role_id);
    if v_role.is_default then
      perform private.fail('conflict', 'Every member holds the default role.', 409);
    end if;
    if v_role_id = any (p_granted) then
      perform private.require_held(p_held, v_role.permissions);
    end if;
  end loop;
  v_shortened := array(
    select m.role_id from public.member_roles m
    where m.community_id = p_community_id and m.user_id = p_user_id and m.role_id = any (p_granted)
      and coalesce(m.expires_at, 'infinity') > p_expires_at
  );
  perform private.require_held_in_channels(p_community_id, p_granted, p_revoked || v_shortened);

  v_before := private.granted_roles(p_community_id, p_user_id);
  delete from public.member_roles m
  where m.community_id = p_community_id
    and m.user_id = p_user_id
    and m.role_id = any (p_revoked)
    -- One that has ended is the sweep's to remove: there is nothing left to take, and nothing to tell.
    and (m.expires_at is null or m.expires_at > pg_catalog.now());
  insert into public.member_roles as m (community_id, user_id, role_id, expires_at)
  select p_community_id, p_user_id, g.id, p_expires_at from pg_catalog.unnest(p_granted) as g (id)
  on conflict (community_id, user_id, role_id) do update set expires_at = excluded.expires_at;
  if private.granted_roles(p_community_id, p_user_id) = v_before then
    return;
  end if;

  perform private.announce(
    p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', p_user_id),
    private.assign_access_classes(p_community_id, array[p_user_id])
  );
  perform private.notify_access_changed(p_user_id, p_community_id, 'roles');
  perform private.write_audit(
    p_community_id, 'member_roles_changed', p_user_id::text,
    pg_catalog.jsonb_build_object('roles', v_before),
    pg_catalog.jsonb_build_object('roles', private.granted_roles(p_community_id, p_user_id))
  );
end
$$;

revoke all on function private.change_member_roles(uuid, uuid, uuid[], uuid[], timestamptz, bigint)
from public, anon, authenticated, service_role;
