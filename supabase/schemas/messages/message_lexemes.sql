-- search_period: the number of the 30 days that a time belongs to.
create function private.search_period(p_at timestamptz)
returns integer
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return pg_catalog.floor(extract(epoch from p_at at time zone 'UTC') / 2592000)::integer;
end
$$;

revoke all on function private.search_period(timestamptz) from public, anon, authenticated, service_role;

-- message_lexemes: what a message is found by: its words, and by whom, where, when and with what it is, so that one index answers a
-- search together with its scope. The latter begin with a capital, which no word keeps: whatever is typed, it is never taken for one.
-- Nothing in it changes but by an edit: a reaction or a pin writes no index.
-- Words are not reduced to stems, because a community may write in any language, or in several.
-- Its cost is what keeps the planner from trying it on every message.
create function private.message_lexemes(
  p_channel_id uuid,
  p_author_id uuid,
  p_body text,
  p_reply_to_seq bigint,
  p_mentions jsonb,
  p_attachments jsonb,
  p_created_at timestamptz
)
returns tsvector
language plpgsql immutable security invoker set search_path = '' cost 2000
as $$
begin
  -- Whom it mentions is no word of it; and what stands in angle brackets is, which the parser takes for a tag.
  return pg_catalog.to_tsvector('pg_catalog.simple'::regconfig, pg_catalog.translate(
    case
      when p_mentions is null then p_body
      else pg_catalog.regexp_replace(p_body, '<(@|@&|#)[0-9a-f-]{36}>', ' ', 'g')
    end,
    '<>', '  '
  )) || pg_catalog.array_to_tsvector(pg_catalog.array_remove(array[
    'C' || p_channel_id,
    'A' || p_author_id,
    'T' || private.search_period(p_created_at),
    case when pg_catalog.strpos(p_body, '://') > 0 and p_body ~* '\mhttps?://[^[:space:]]' then 'Hlink' end,
    case when p_mentions is not null then 'Hmention' end,
    case when p_attachments <> '[]' then 'Hattachment' end,
    case when p_reply_to_seq is not null then 'Hreply' end
  ], null));
end
$$;

revoke all on function private.message_lexemes(uuid, uuid, text, bigint, jsonb, jsonb, timestamptz) from public, anon, authenticated, service_role;

-- What the server writes is not searched.
create index messages_lexemes on public.messages
using gin (private.message_lexemes(channel_id, author_id, body, reply_to_seq, mentions, attachments, created_at))
where kind = 'text';
