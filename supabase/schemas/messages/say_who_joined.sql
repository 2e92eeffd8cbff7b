-- Joins are told as messages, where a channel is there for it.
create function private.say_who_joined()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_joined record;
begin
  for v_joined in
    select m.user_id, c.id as channel_id
    from new_members m
    join public.channels c on c.community_id = m.community_id and c.announces_joins
    order by c.id, m.user_id
  loop
    perform from private.channel_heads h where h.channel_id = v_joined.channel_id for no key update;
    perform private.write_message(v_joined.channel_id, 'member_joined', v_joined.user_id, '');
  end loop;
  return null;
end
$$;

revoke all on function private.say_who_joined() from public, anon, authenticated, service_role;

create trigger messages_say_who_joined
after insert on public.community_members
referencing new table as new_members
for each statement execute function private.say_who_joined();
