-- begin_account_ending: whoever ends an account leaves everything at once. First the locks of all that the account is a member of, before any
-- row, in the order that everybody takes several in; then the profile, which whoever makes it a member or an owner holds. Who was made
-- one in between is told to try again: a lock that comes after a row's could wait for somebody who waits for us.
create function private.begin_account_ending()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.member_lock_ids(new.user_id);
begin
  -- Before anything is held, and again when nothing changes any more.
  perform private.require_no_community(new.user_id);
  perform private.change_access(l.id) from pg_catalog.unnest(v_ids) with ordinality as l (id, place) order by l.place;
  perform from public.profiles p where p.id = new.user_id for update;
  perform private.require_no_community(new.user_id);
  if not private.member_lock_ids(new.user_id) <@ v_ids then
    perform private.fail('conflict', 'You have joined something this very moment: try again.', 409);
  end if;
  return new;
end
$$;

revoke all on function private.begin_account_ending() from public, anon, authenticated, service_role;

-- Before the others that fire before, by its name.
create trigger a_access_begin_account_ending
before insert on private.account_endings
for each row execute function private.begin_account_ending();

-- The lock of each community and direct channel that somebody is a member of, in the order in which they are taken.
create function private.member_lock_ids(p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return array(
    select m.community_id from public.community_members m where m.user_id = p_user_id
    union
    select d.channel_id from private.direct_members d where d.user_id = p_user_id
    order by 1
  );
end
$$;

revoke all on function private.member_lock_ids(uuid) from public, anon, authenticated, service_role;

-- A pair's channel stays for the other, without who has gone: as if the account were gone already.
create function private.leave_with_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.community_members m where m.user_id = new.user_id;
  update private.direct_channels d set low_id = null where d.low_id = new.user_id;
  update private.direct_channels d set high_id = null where d.high_id = new.user_id;
  update private.direct_channels d set opener_id = null where d.opener_id = new.user_id;
  delete from private.direct_members m where m.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.leave_with_account() from public, anon, authenticated, service_role;

create trigger access_leave_with_account
after insert on private.account_endings
for each row execute function private.leave_with_account();

-- Whose account has ended takes part in nothing again.
create trigger access_refuse_ending_account
before insert on public.community_members
for each row execute function private.refuse_ending_account('user_id');

create trigger access_refuse_ending_account
before insert on private.direct_members
for each row execute function private.refuse_ending_account('user_id');

create trigger access_refuse_ending_account
before insert or update of owner_id on public.communities
for each row execute function private.refuse_ending_account('owner_id');
