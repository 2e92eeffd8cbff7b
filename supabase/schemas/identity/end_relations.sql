-- Whoever ends the account is nobody's friend any more, asks and is asked by nobody, blocks nobody, and is known to no other system. Before what follows from the
-- memberships: what was said to somebody in spite of a block counts as read (see read_what_was_hidden) while channels still say whose they are.
create function private.end_relations()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.friendships f where f.user_id = new.user_id or f.friend_id = new.user_id;
  delete from private.friend_requests r where r.from_id = new.user_id or r.to_id = new.user_id;
  delete from private.blocks b where b.blocker_id = new.user_id or b.blocked_id = new.user_id;
  delete from private.preferences p where p.user_id = new.user_id;
  delete from private.external_identities e where e.user_id = new.user_id;
  return null;
end
$$;

revoke all on function private.end_relations() from public, anon, authenticated, service_role;

-- First of those that fire afterwards, which they do by name.
create trigger a_identity_end_relations
after insert on private.account_endings
for each row execute function private.end_relations();
