-- A channel's new name is told in it, by who gave it. The change holds the community's lock, so nobody else sends meanwhile.
create function private.say_new_name()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  -- Not where the server itself renames.
  if exists (select from public.profiles p where p.id = (select auth.uid())) then
    perform private.write_message(new.id, 'channel_renamed', (select auth.uid()), new.name);
  end if;
  return null;
end
$$;

revoke all on function private.say_new_name() from public, anon, authenticated, service_role;

create trigger messages_say_new_name
after update of name on public.channels
for each row when (old.name <> new.name and new.kind = 'text')
execute function private.say_new_name();
