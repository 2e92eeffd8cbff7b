-- What bans have hidden of somebody is known by the author. When the account ends, its messages stay without one, and those
-- would be shown again: so a spammer's last act would be to bring all of it back. They go with the account instead.
create function private.remove_hidden_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from public.messages m
  using private.hidden_messages h
  join private.channel_heads c on c.community_id = h.community_id
  where h.author_id = old.id
    and m.author_id = old.id
    and m.channel_id = c.channel_id
    and m.created_at between h.since and h.until;
  return old;
end
$$;

revoke all on function private.remove_hidden_before_account_ends() from public, anon, authenticated, service_role;

create trigger messages_remove_hidden_before_account_ends
before delete on public.profiles
for each row execute function private.remove_hidden_before_account_ends();
