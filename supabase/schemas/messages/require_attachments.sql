-- require_attachments: the files that the caller wants to send to a channel, as clients are shown them. Each is the caller's own, lies
-- in this channel's place of the bucket and was not sent yet; what it is, Storage has said. Their rows stay locked, so none is sent
-- twice or removed meanwhile. One that somebody else has, or that lies in another channel's place, is one that is not there.
create function private.require_attachments(p_channel_id uuid, p_attachments jsonb)
returns jsonb
-- In UTC: it writes a time out as text, and a caller may have chosen any zone.
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_wrong constant jsonb := '{"field": "p_attachments"}'::jsonb;
  v_item jsonb;
  v_id text;
  v_name text;
  v_expires_at timestamptz;
  v_wanted jsonb := '[]'::jsonb;
  v_paths text[] := '{}'::text[];
  v_shown jsonb;
begin
  if pg_catalog.jsonb_typeof(p_attachments) <> 'array' or pg_catalog.jsonb_array_length(p_attachments) > 10 then
    perform private.fail('invalid_argument', 'A message has a list of at most 10 files.', 422, v_wrong);
  end if;

  for v_item in select i.item from pg_catalog.jsonb_array_elements(p_attachments) as i (item) loop
    if pg_catalog.jsonb_typeof(v_item) <> 'object'
      or v_item - '{id,name,expires_at}'::text[] <> '{}'
      or pg_catalog.jsonb_typeof(v_item -> 'id') is distinct from 'string'
      or pg_catalog.jsonb_typeof(v_item -> 'name') is distinct from 'string'
      or pg_catalog.jsonb_typeof(v_item -> 'expires_at') not in ('string', 'null')
    then
      perform private.fail('invalid_argument', 'A file is given by id, name and, if it is to, when it expires.', 422, v_wrong);
    end if;

    -- Whatever is no id names no file that is there.
    v_id := pg_catalog.lower(v_item ->> 'id');
    -- The length first: putting marks into order takes its time.
    v_name := v_item ->> 'name';
    if pg_catalog.char_length(v_name) <= 255 then
      v_name := normalize(v_name, nfc);
    end if;
    if pg_catalog.char_length(v_name) not between 1 and 255
      or v_name ~ '[/\\]|^\.{1,2}$'
      or private.is_blank(v_name)
      -- An emoji's parts may be joined by zero width.
      or private.strip_hidden(v_name) <> pg_catalog.replace(v_name, pg_catalog.chr(8205), '')
    then
      perform private.fail(
        'invalid_argument', 'A file''s name has 1 to 255 characters, none of them hidden or a slash.', 422, v_wrong
      );
    end if;

    v_expires_at := null;
    if v_item ->> 'expires_at' is not null then
      -- An instant written out: not a word like tomorrow, nor a time of an unknown zone.
      if v_item ->> 'expires_at' ~ '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$' then
        begin
          v_expires_at := (v_item ->> 'expires_at')::timestamptz;
        exception when data_exception then
          v_expires_at := null;
        end;
      end if;
      if v_expires_at is null
        or v_expires_at <= pg_catalog.clock_timestamp()
        or v_expires_at > pg_catalog.clock_timestamp() + interval '1 year'
      then
        perform private.fail('invalid_argument', 'A file expires at a time within a year from now.', 422, v_wrong);
      end if;
    end if;

    v_paths := v_paths || pg_catalog.concat_ws('/', p_channel_id, v_user_id, v_id);
    v_wanted := v_wanted || pg_catalog.jsonb_build_object('id', v_id, 'name', v_name, 'expires_at', v_expires_at);
  end loop;

  -- In the order of paths, so that two sends do not wait for each other.
  perform from private.attachments a where a.path = any (v_paths) order by a.path for update;
  select pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_object(
      'id', w.item -> 'id', 'path', a.path, 'name', w.item -> 'name', 'content_type', pg_catalog.substring(o.metadata ->> 'mimetype', '^[A-Za-z0-9.+_-]{1,127}/[A-Za-z0-9.+_-]{1,127}'),
      'size', o.metadata -> 'size', 'expires_at', w.item -> 'expires_at'
    )
    order by w.place
  ) into v_shown
  from pg_catalog.jsonb_array_elements(v_wanted) with ordinality as w (item, place)
  join private.attachments a on a.path = v_paths [w.place]
  join storage.objects o on o.bucket_id = 'attachments' and o.name = a.path
  where a.seq is null
    -- What a sweep has been given may be gone at any moment.
    and a.claimed_at is null
    and coalesce(o.owner_id, o.owner::text) = v_user_id::text
    -- Storage takes a body of unknown length whole, and counts it afterwards.
    and o.metadata @? 'strict $.size ? (@ >= 0 && @ <= 26214400)'
    and o.metadata ->> 'mimetype' ~ '^[A-Za-z0-9.+_-]{1,127}/[A-Za-z0-9.+_-]{1,127}';
  if pg_catalog.jsonb_array_length(v_shown) is distinct from pg_catalog.jsonb_array_length(p_attachments)
    or (select pg_catalog.count(distinct p.path) from pg_catalog.unnest(v_paths) as p (path)) < pg_catalog.cardinality(v_paths)
  then
    perform private.fail('invalid_argument', 'There is no such file to be sent here.', 422, v_wrong);
  end if;

  for v_item in select i.item from pg_catalog.jsonb_array_elements(v_shown) as i (item) loop
    perform private.take_token('attachment_send', v_user_id::text);
  end loop;
  return v_shown;
end
$$;

revoke all on function private.require_attachments(uuid, jsonb) from public, anon, authenticated, service_role;
