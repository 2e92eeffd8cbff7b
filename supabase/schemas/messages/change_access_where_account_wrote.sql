-- An account that ends changes what it wrote, also in communities that it has left, and messages are changed behind the
-- community's lock alone (see hold_access). So all of these locks come first, in the order that everybody takes several in; those
-- of its memberships among them, which change_access_before_account_ends takes by itself afterwards.
create function private.change_access_where_account_wrote()
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

revoke all on function private.change_access_where_account_wrote() from public, anon, authenticated, service_role;

-- By its name before guildhall_change_access.
create trigger guildhall_access_where_written
before delete on auth.users
for each row execute function private.change_access_where_account_wrote();
