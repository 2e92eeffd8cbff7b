-- first_link: the first http or https link in a text, as it is written there; null: none. The punctuation of the sentence
-- around it is no part of it; a closing bracket is where one is opened. One that is longer than 2,048 characters or has
-- characters that nobody sees is none.
create function private.first_link(p_body text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_link text;
begin
  if pg_catalog.strpos(p_body, '://') = 0 then
    return null;
  end if;
  v_link := pg_catalog.substring(p_body, '(?i)(?<![a-z0-9+.-])https?://[^[:space:]<>"`\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+');
  if v_link is null or pg_catalog.char_length(v_link) > 2048 or v_link <> private.strip_hidden(v_link) then
    return null;
  end if;
  v_link := pg_catalog.rtrim(
    v_link, '.,;:!?''*~|…’”»。、，！？' || case when v_link ~ '[(\[{]' then '' else ')]}' end
  );
  return case when v_link ~* '^https?://[^/?#]' then v_link end;
end
$$;

revoke all on function private.first_link(text) from public, anon, authenticated, service_role;
