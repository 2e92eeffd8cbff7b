-- Whoever is no member any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, a
-- kick, a ban or the account's end. Their timeouts and what is denied to them personally are
-- kept, and classes that nobody is left in go.
-- A community that is gone itself has no topic left to move.
create function private.move_topics_after_departures()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community record;
begin
  -- In one order for everybody, so that two accounts that end at once do not wait for each other.
  for v_community in
    select
      c.id,
      pg_catalog.array_agg(g.user_id order by g.user_id) as left_ids,
      pg_catalog.array_agg(distinct g.access_class_id) as class_ids
    from gone_members g
    join public.communities c on c.id = g.community_id
    group by c.id
    order by c.id
  loop
    perform private.change_access(v_community.id);

    insert into private.departed_timeouts as d (community_id, user_id, timed_out_until)
    select g.community_id, g.user_id, g.timed_out_until
    from gone_members g
    join public.profiles p on p.id = g.user_id
    where g.community_id = v_community.id and g.timed_out_until > pg_catalog.now()
    on conflict (community_id, user_id) do update set timed_out_until = excluded.timed_out_until;

    perform private.end_personal_allows(v_community.id, v_community.left_ids);
    perform private.remove_empty_classes(v_community.id, v_community.class_ids);
    perform private.raise_community_epoch(v_community.id, v_community.left_ids);
  end loop;
  return null;
end
$$;

revoke all on function private.move_topics_after_departures() from public, anon, authenticated, service_role;

create trigger access_move_topics_after_departures
after delete on public.community_members
referencing old table as gone_members
for each statement execute function private.move_topics_after_departures();
