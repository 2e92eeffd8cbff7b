-- attachments_evidence: what is kept of a message's files: what readers are shown of them, and Storage's ETag as etag. That is what
-- Storage's backend calls the content: for a file that was uploaded in one piece to S3 it is mostly the MD5 of it, for one in parts a hash of
-- their hashes, encrypted with a key of its own or on another backend whatever that likes. It tells the same file again at the same place, and
-- is no proof against somebody who makes two files with one MD5. Null where Storage says none. The files themselves are not kept.
create function private.attachments_evidence(p_message public.messages)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select coalesce(
      pg_catalog.jsonb_agg(
        i.item || pg_catalog.jsonb_build_object('etag', pg_catalog.btrim(o.metadata ->> 'eTag', '"')) order by i.place
      ),
      '[]'
    )
    from pg_catalog.jsonb_array_elements(private.shown_attachments(p_message.seq, p_message.attachments))
      with ordinality as i (item, place)
    left join storage.objects o on o.bucket_id = 'attachments' and o.name = i.item ->> 'path'
  );
end
$$;

revoke all on function private.attachments_evidence(public.messages) from public, anon, authenticated, service_role;
