-- require_body: a message's text as it is kept: without white space around it, in normal form C. 1 to 4,000 characters, of
-- which at least one shows something; or none at all, where something else says it all. The length is asked first: putting thousands of combining marks into order takes
-- time that grows with the square of their number.
create function private.require_body(p_body text, p_may_be_empty boolean default false, p_field text default 'p_body')
returns text
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_body text := p_body;
begin
  -- Nearly every text begins and ends with a printable ASCII character, and is then not looked at any closer.
  if pg_catalog.left(v_body, 1) !~ '[!-~]' or pg_catalog.right(v_body, 1) !~ '[!-~]' then
    v_body := pg_catalog.regexp_replace(
      v_body,
      '^[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$',
      '', 'g'
    );
  end if;
  if pg_catalog.char_length(v_body) <= 4000 and pg_catalog.octet_length(v_body) <> pg_catalog.char_length(v_body) then
    v_body := normalize(v_body, nfc);
  end if;

  if pg_catalog.char_length(v_body) > 4000 then
    perform private.fail(
      'body_too_long', 'A message has at most 4,000 characters.', 422,
      pg_catalog.jsonb_build_object('field', p_field, 'max', 4000)
    );
  end if;
  if v_body is null or v_body !~ '[!-~]' and private.is_blank(v_body) then
    if v_body is not null and p_may_be_empty then
      return '';
    end if;
    perform private.fail(
      'invalid_argument', 'A message needs a text.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return v_body;
end
$$;

revoke all on function private.require_body(text, boolean, text) from public, anon, authenticated, service_role;
