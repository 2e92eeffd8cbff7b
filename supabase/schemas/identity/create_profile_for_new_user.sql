-- Runs inside the auth service's own transaction, as its role; hence security definer.
create function private.create_profile_for_new_user()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.create_profile(new.id, new.raw_user_meta_data::jsonb);
  return null;
end
$$;

revoke all on function private.create_profile_for_new_user() from public, anon, authenticated, service_role;

create trigger guildhall_create_profile
after insert on auth.users
for each row execute function private.create_profile_for_new_user();

-- Users who were there before Guildhall came.
select private.create_profile(u.id, u.raw_user_meta_data::jsonb) from auth.users u;
