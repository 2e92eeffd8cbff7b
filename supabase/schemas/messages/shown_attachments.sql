-- kept_attachments: what a message's row keeps of its files. A table that clients read for themselves cannot leave out what has
-- expired meanwhile, so of a file that expires it says neither what it is called nor what it is.
create function private.kept_attachments(p_attachments jsonb)
returns jsonb
language plpgsql immutable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.jsonb_agg(
      case when i.item -> 'expires_at' = 'null' then i.item else i.item - '{name,content_type,size}'::text[] end order by i.place
    )
    from pg_catalog.jsonb_array_elements(p_attachments) with ordinality as i (item, place)
  );
end
$$;

revoke all on function private.kept_attachments(jsonb) from public, anon, authenticated, service_role;

-- shown_attachments: what clients are shown of these, which the row of the message with this number keeps: all of those that have not
-- expired. When one that has is swept, its owner may put another to its path, which is not this message's.
create function private.shown_attachments(p_seq bigint, p_attachments jsonb)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not p_attachments @? '$[*].expires_at ? (@ != null)' then
    return p_attachments;
  end if;
  return coalesce(
    (
      select pg_catalog.jsonb_agg(coalesce(a.shown, i.item) order by i.place)
      from pg_catalog.jsonb_array_elements(p_attachments) with ordinality as i (item, place)
      left join private.attachments a
        on a.path = i.item ->> 'path' and a.seq = p_seq and a.remove_at > pg_catalog.now()
      where i.item -> 'expires_at' = 'null' or a.path is not null
    ),
    '[]'
  );
end
$$;

revoke all on function private.shown_attachments(bigint, jsonb) from public, anon, authenticated, service_role;

-- shown_message: a message with its files as clients are shown them.
create function private.shown_message(p_message public.messages)
returns public.messages
language plpgsql stable security definer set search_path = ''
as $$
begin
  p_message.attachments := private.shown_attachments(p_message.seq, p_message.attachments);
  return p_message;
end
$$;

revoke all on function private.shown_message(public.messages) from public, anon, authenticated, service_role;
