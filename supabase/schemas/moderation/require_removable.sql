-- require_removable: the accused can be taken out of the community: their account is there, and they do not own it, since a community has
-- exactly one owner, always. Staff stand above everybody else. The caller holds change_access.
create function private.require_removable(p_report private.reports)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from public.profiles p where p.id = p_report.user_id) then
    perform private.fail('conflict', 'This account is gone.', 409);
  end if;
  if exists (
    select from public.communities c where c.id = p_report.community_id and c.owner_id = p_report.user_id
  ) then
    perform private.fail('role_hierarchy', 'The owner cannot be taken out of their community.', 403);
  end if;
end
$$;

revoke all on function private.require_removable(private.reports) from public, anon, authenticated, service_role;
