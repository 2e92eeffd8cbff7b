-- chat_thread_id: what two people's chat is called: both external ids, in the order of their bytes, joined by `_`, which is in neither.
create function private.chat_thread_id(p_one_mongo_id text, p_other_mongo_id text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_one_mongo_id collate "C" < p_other_mongo_id collate "C" then
    return p_one_mongo_id || '_' || p_other_mongo_id;
  end if;
  return p_other_mongo_id || '_' || p_one_mongo_id;
end
$$;

revoke all on function private.chat_thread_id(text, text) from public, anon, authenticated, service_role;
