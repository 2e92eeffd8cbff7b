-- require_name: the one rule for names of communities, channels, groups and roles: it shows something, and all of it
-- shows. Returns the name as it is stored.
create function private.require_name(p_name text, p_max integer default 100, p_field text default 'p_name')
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_name text := pg_catalog.btrim(p_name);
begin
  if v_name is null or pg_catalog.char_length(v_name) not between 1 and p_max then
    perform private.fail(
      'invalid_argument', pg_catalog.format('A name has 1 to %s characters.', p_max), 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  -- An emoji's parts may be joined by zero width: the joiner alone is no trick.
  if private.is_blank(v_name)
    or private.strip_hidden(v_name) <> pg_catalog.replace(v_name, pg_catalog.chr(8205), '')
  then
    perform private.fail(
      'invalid_argument', 'A name has no hidden characters and is more than spaces.', 422,
      pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return v_name;
end
$$;

revoke all on function private.require_name(text, integer, text) from public, anon, authenticated, service_role;
