-- An account that ends takes its memberships along, and changes what it wrote, also in communities that it has left. The locks of all
-- of these come before any row here, in the order that everybody takes several in: later, the deletion would hold the profile that
-- a message on its way still refers to, and each would wait for the other; and messages are changed behind this lock alone (see
-- hold_access).
create function private.change_access_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_access(c.community_id)
  from (
    select m.community_id from public.community_members m where m.user_id = old.id
    union
    select t.community_id from private.threads t where t.owner_id = old.id
    union
    select d.channel_id from private.direct_members d where d.user_id = old.id
    union
    select h.community_id
    from (select distinct m.channel_id from public.messages m where m.author_id = old.id) w
    join private.channel_heads h on h.channel_id = w.channel_id
    union
    select h.community_id
    from (select distinct t.channel_id from private.tombstones t where t.author_id = old.id) w
    join private.channel_heads h on h.channel_id = w.channel_id
    order by 1
  ) c;
  return old;
end
$$;

revoke all on function private.change_access_before_account_ends() from public, anon, authenticated, service_role;

create trigger guildhall_change_access
before delete on auth.users
for each row execute function private.change_access_before_account_ends();
