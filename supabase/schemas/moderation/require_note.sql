-- require_note: the one rule for what people write about reports: up to 2,000 characters, white space around it cut off. Null where
-- nothing is said and nothing need be.
create function private.require_note(p_note text, p_field text, p_is_needed boolean default false)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_note text := nullif(pg_catalog.btrim(p_note, E' \t\n\r'), '');
begin
  if pg_catalog.char_length(v_note) > 2000 or (p_is_needed and v_note is null) then
    perform private.fail(
      'invalid_argument', 'Write up to 2,000 characters.', 422, pg_catalog.jsonb_build_object('field', p_field, 'max', 2000)
    );
  end if;
  return v_note;
end
$$;

revoke all on function private.require_note(text, text, boolean) from public, anon, authenticated, service_role;
