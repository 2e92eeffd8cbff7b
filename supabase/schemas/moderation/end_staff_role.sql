-- Whose account has ended is staff no longer, and is not appointed again.
create function private.end_staff_role()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.platform_staff s where s.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_staff_role() from public, anon, authenticated, service_role;

create trigger moderation_end_staff_role
after insert on private.account_endings
for each row execute function private.end_staff_role();

create trigger moderation_refuse_ending_account
before insert on private.platform_staff
for each row execute function private.refuse_ending_account('user_id');
