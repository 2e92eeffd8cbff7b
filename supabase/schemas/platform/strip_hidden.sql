-- strip_hidden: a text without the characters that show nothing or turn the text around them: control characters, zero
-- width, bidirectional marks, invisible letters. They have no place in a shown name.
create function private.strip_hidden(p_text text)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.regexp_replace(
    p_text,
    '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]',
    '', 'g'
  );
$$;

revoke all on function private.strip_hidden(text) from public, anon, authenticated, service_role;
