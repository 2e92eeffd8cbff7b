-- hidden_author_ids: authors of whom a ban has hidden something in one of the caller's communities. Asked once per
-- statement, so that only their messages are looked at any closer (see is_hidden). A set and not an array: a policy looks
-- in it by hash, and an array it would read from end to end for every message, which after a thousand bans is all it does.
create function private.hidden_author_ids()
returns setof uuid
language plpgsql stable security definer set search_path = '' rows 100
as $$
begin
  return query
  select distinct h.author_id
  from public.community_members m
  join private.hidden_messages h on h.community_id = m.community_id
  where m.user_id = (select auth.uid());
end
$$;

revoke all on function private.hidden_author_ids() from public, anon, authenticated, service_role;
grant execute on function private.hidden_author_ids() to authenticated;
