-- require_link_preview: what was found behind a link as it is kept and shown: texts in one line, without characters that
-- show nothing, and an image by a plain web address. Whoever fetched it was talking to a stranger, so nothing is taken on
-- trust. Null: there is nothing to show.
create function private.require_link_preview(p_url text, p_preview jsonb)
returns jsonb
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_max jsonb := '{"title": 256, "description": 512, "site_name": 100, "image_url": 2048}'::jsonb;
  v_preview jsonb := '{"title": null, "description": null, "site_name": null}'::jsonb;
  v_key text;
  v_value text;
begin
  if p_preview is null or p_preview = 'null' then
    return null;
  end if;
  if pg_catalog.jsonb_typeof(p_preview) <> 'object'
    or exists (
      select
      from pg_catalog.jsonb_each(p_preview) e
      where v_max -> e.key is null
        or pg_catalog.jsonb_typeof(e.value) not in ('string', 'null')
        or pg_catalog.char_length(p_preview ->> e.key) > (v_max ->> e.key)::integer
    )
    -- A host's name ends with letters, which an address never does.
    or p_preview ->> 'image_url' !~ '^https?://[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*(:[0-9]{1,5})?([/?#][!-~]*)?$'
    -- What ends a string or a url() where a page puts it, and the reader's own machine.
    or p_preview ->> 'image_url' ~ '["''()<>\\`]'
    or p_preview ->> 'image_url' ~ '^https?://([^/:?#]*\.)?(localhost|local|internal)([/:?#]|$)'
  then
    perform private.fail(
      'invalid_argument', 'This is no preview of a link.', 422, pg_catalog.jsonb_build_object('field', 'p_preview')
    );
  end if;

  foreach v_key in array array['title', 'description', 'site_name'] loop
    v_value := pg_catalog.btrim(
      pg_catalog.regexp_replace(
        private.strip_hidden(pg_catalog.regexp_replace(p_preview ->> v_key, '[[:space:]]+', ' ', 'g')), ' {2,}', ' ', 'g'
      )
    );
    if not private.is_blank(v_value) then
      v_preview := v_preview || pg_catalog.jsonb_build_object(v_key, v_value);
    end if;
  end loop;
  if v_preview ->> 'title' is null and v_preview ->> 'description' is null and p_preview ->> 'image_url' is null then
    return null;
  end if;
  return v_preview || pg_catalog.jsonb_build_object('url', p_url, 'image_url', p_preview ->> 'image_url');
end
$$;

revoke all on function private.require_link_preview(text, jsonb) from public, anon, authenticated, service_role;
