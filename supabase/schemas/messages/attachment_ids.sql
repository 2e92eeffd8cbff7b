-- attachment_ids: the channel, the user and the file that a path in the bucket names: <channel_id>/<user_id>/<uuid>, and nothing
-- else. Null where it is no such path.
create function private.attachment_ids(p_path text)
returns uuid[]
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_path ~ '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(/|$)){3}$' and pg_catalog.length(p_path) = 110 then
    return pg_catalog.string_to_array(p_path, '/')::uuid[];
  end if;
  return null;
end
$$;

revoke all on function private.attachment_ids(text) from public, anon, authenticated, service_role;
