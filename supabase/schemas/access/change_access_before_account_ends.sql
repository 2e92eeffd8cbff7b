-- An account that ends takes its memberships along. The lock on its communities comes before any row here too: later,
-- the deletion would hold the profile that a message on its way still refers to, and each would wait for the other.
create function private.change_access_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_access(c.community_id)
  from (
    select m.community_id from public.community_members m where m.user_id = old.id order by m.community_id
  ) c;
  return old;
end
$$;

revoke all on function private.change_access_before_account_ends() from public, anon, authenticated, service_role;

create trigger guildhall_change_access
before delete on auth.users
for each row execute function private.change_access_before_account_ends();
