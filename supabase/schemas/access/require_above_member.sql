-- require_above_member: hierarchy. The user is a member whose highest role stands strictly below the caller's. So nobody
-- acts on oneself by it, and nobody on the owner.
create function private.require_above_member(p_community_id uuid, p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_rank integer := private.member_rank(p_community_id, p_user_id);
begin
  if v_rank is null then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  if v_rank >= private.member_rank(p_community_id, (select auth.uid())) then
    perform private.fail('role_hierarchy', 'This member does not stand below you.', 403);
  end if;
end
$$;

revoke all on function private.require_above_member(uuid, uuid) from public, anon, authenticated, service_role;
