-- require_chat_id: the caller's account and its external id, without which there is no chat by such ids.
create function private.require_chat_id()
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_mongo_id text := private.external_id_of(private.chat_provider(), private.require_account());
begin
  if v_mongo_id is null then
    perform private.fail('not_linked', 'This account is not linked to an id of the other system.', 403);
  end if;
  return v_mongo_id;
end
$$;

revoke all on function private.require_chat_id() from public, anon, authenticated, service_role;
