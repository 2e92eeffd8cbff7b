-- is_blank: whether a text shows nothing at all. Spelled out, because what counts as a space differs between locales.
create function private.is_blank(p_text text)
returns boolean
language sql immutable security invoker set search_path = ''
as $$
  select private.strip_hidden(p_text)
    !~ '[^\u0001-\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\ufe00-\ufe0f]';
$$;

revoke all on function private.is_blank(text) from public, anon, authenticated, service_role;
