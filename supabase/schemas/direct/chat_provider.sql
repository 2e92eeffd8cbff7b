-- chat_provider: the system whose ids the chat surface speaks of (its columns are called …_mongo_id). Here and nowhere else.
create function private.chat_provider()
returns text
language sql immutable security invoker set search_path = ''
as $$ select 'mongo'; $$;

revoke all on function private.chat_provider() from public, anon, authenticated, service_role;
