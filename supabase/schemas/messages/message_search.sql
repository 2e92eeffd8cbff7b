-- message_search: a search as it was typed, taken apart. Null: not asked for.
create type private.message_search as (
  words tsquery,
  author_ids uuid[],
  usernames text[],
  channels text[],
  has text[],
  since timestamptz,
  until timestamptz
);

-- What is malformed is refused. Whether what it names exists is not asked here.
create function private.parse_message_search(p_query text)
returns private.message_search
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_query text;
  v_search private.message_search;
  v_token text;
  v_filter text;
  v_value text;
  v_words text := '';
begin
  -- The length is asked before and after: normal form C makes some texts longer, and putting marks into order takes its time.
  if pg_catalog.char_length(p_query) <= 500 then
    v_query := normalize(p_query, nfc);
  end if;
  if v_query is null or pg_catalog.char_length(v_query) > 500 then
    perform private.fail(
      'invalid_argument', 'Search for at most 500 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_query', 'max', 500)
    );
  end if;

  -- A token ends at white space that does not stand between quotes.
  for v_token in
    select t.m [1] from pg_catalog.regexp_matches(v_query, '(?:[^[:space:]"]|"[^"]*(?:"|$))+', 'g') as t (m)
  loop
    v_filter := pg_catalog.lower((pg_catalog.regexp_match(v_token, '^(-?(?:from|in|has|before|after)):', 'i')) [1]);
    if v_filter is null then
      v_words := v_words || ' ' || v_token;
      continue;
    end if;

    v_value := pg_catalog.lower(pg_catalog.btrim(pg_catalog.substr(v_token, pg_catalog.length(v_filter) + 2), '"'));
    if v_filter = 'from' then
      -- As it is typed and as it stands in a message: @username, <@id>.
      v_value := pg_catalog.btrim(v_value, '<@>');
      if v_value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        v_search.author_ids := v_search.author_ids || v_value::uuid;
      else
        v_search.usernames := v_search.usernames || v_value;
      end if;
    elsif v_filter = 'in' then
      v_value := pg_catalog.btrim(v_value, '<#>');
      v_search.channels := v_search.channels || v_value;
    elsif v_filter = 'has' and v_value in ('attachment', 'link', 'mention', 'pin', 'reaction', 'reply') then
      v_search.has := v_search.has || v_value;
    elsif v_filter in ('before', 'after') and v_value ~ '^\d{4}-\d{2}-\d{2}$' then
      begin
        if v_filter = 'before' then
          v_search.until := least(v_search.until, v_value::date::timestamp at time zone 'UTC');
        else
          v_search.since := greatest(v_search.since, (v_value::date + 1)::timestamp at time zone 'UTC');
        end if;
      exception when datetime_field_overflow then
        -- No day of any month. (PostgreSQL 15 cannot be asked without trying.)
        v_value := '';
      end;
    else
      v_value := '';
    end if;
    if v_value = '' then
      perform private.fail(
        'invalid_argument',
        pg_catalog.format('Searches are not narrowed by "%s".', pg_catalog.left(v_token, 50)), 422,
        pg_catalog.jsonb_build_object('field', 'p_query', 'filter', v_filter)
      );
    end if;
  end loop;

  if v_words <> '' then
    v_search.words := pg_catalog.websearch_to_tsquery('pg_catalog.simple'::regconfig, pg_catalog.translate(v_words, '<>', '  '));
  end if;
  -- Of nothing but punctuation there is nothing to find.
  if pg_catalog.numnode(v_search.words) = 0 then
    v_search.words := null;
  end if;
  if pg_catalog.num_nonnulls(
    v_search.words, v_search.author_ids, v_search.usernames, v_search.channels, v_search.has, v_search.since, v_search.until
  ) = 0 then
    perform private.fail(
      'invalid_argument', 'Search for a word, or by a filter.', 422, pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  return v_search;
end
$$;

revoke all on function private.parse_message_search(text) from public, anon, authenticated, service_role;
