-- Whoever is no member of a group any more hears nothing that is sent afterwards, by whatever way the membership went: leaving, being
-- taken out, or the account's end. The lock is the caller's (see change_access_before_account_ends). A group whose owner is gone is
-- owned by who has been there longest, and a channel in which nobody is left goes. A pair loses one only with the account: its topic
-- moves, too, so that what was said there is not repeated to whoever joins.
create function private.end_direct_memberships()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel record;
begin
  for v_channel in
    select d.*, g.user_ids
    from (
      select o.channel_id, pg_catalog.array_agg(o.user_id order by o.user_id) as user_ids
      from gone_members o
      group by o.channel_id
    ) g
    join private.direct_channels d on d.id = g.channel_id
    order by d.id
  loop
    if not exists (select from private.direct_members m where m.channel_id = v_channel.id) then
      delete from private.direct_channels d where d.id = v_channel.id;
    else
      perform private.broadcast(
        private.channel_topic(v_channel.id), 'moved', pg_catalog.jsonb_build_object('channel_id', v_channel.id)
      );
      update private.direct_channels d
      set
        topic_epoch = d.topic_epoch + 1,
        owner_id = case
          when d.kind = 'pair' then null
          when exists (select from private.direct_members m where m.channel_id = d.id and m.user_id = d.owner_id) then d.owner_id
          else (
            select m.user_id from private.direct_members m
            where m.channel_id = d.id
            -- Also who is not shown the group: whom they have blocked would notice the difference.
            order by m.place
            limit 1
          )
        end
      where d.id = v_channel.id;
      perform private.tell_direct_changed(v_channel.id);
    end if;
    perform private.broadcast(
      'user:' || o.user_id, 'direct_changed', pg_catalog.jsonb_build_object('channel_id', v_channel.id)
    )
    from gone_members o
    where o.channel_id = v_channel.id and not private.hides_direct_channel(row(o.*)::private.direct_members);
  end loop;
  return null;
end
$$;

revoke all on function private.end_direct_memberships() from public, anon, authenticated, service_role;

create trigger direct_end_memberships
after delete on private.direct_members
referencing old table as gone_members
for each statement execute function private.end_direct_memberships();
