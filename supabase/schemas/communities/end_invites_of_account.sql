-- An invite outlives who made it, whose name it does not bear any more once the account has ended; and grants no role, since nobody could.
create function private.end_invites_of_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.invites i set creator_id = null where i.creator_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_invites_of_account() from public, anon, authenticated, service_role;

create trigger communities_end_invites
after insert on private.account_endings
for each row execute function private.end_invites_of_account();
