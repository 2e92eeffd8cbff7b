-- require_owner: the gate of what only the owner may do, after begin_change.
create function private.require_owner(p_community_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.communities c where c.id = p_community_id and c.owner_id = (select auth.uid())
  ) then
    perform private.fail('role_hierarchy', 'Only the owner may do this.', 403);
  end if;
end
$$;

revoke all on function private.require_owner(uuid) from public, anon, authenticated, service_role;
