-- Whoever is no member any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, or
-- the account's end. A community that is gone itself has no topic left to move.
create function private.move_topics_after_departures()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid;
begin
  -- In one order for everybody, so that two accounts that end at once do not wait for each other.
  for v_community_id in
    select distinct c.id from gone_members g join public.communities c on c.id = g.community_id order by c.id
  loop
    perform private.change_access(v_community_id);
    perform private.raise_community_epoch(v_community_id);
  end loop;
  return null;
end
$$;

revoke all on function private.move_topics_after_departures() from public, anon, authenticated, service_role;

create trigger access_move_topics_after_departures
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.move_topics_after_departures();
