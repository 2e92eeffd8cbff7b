-- Who may do what in the bucket. There is none for UPDATE: no file takes another's place, and none is moved.
create policy guildhall_attachments_insert on storage.objects
for insert to authenticated with check (bucket_id = 'attachments' and private.may_upload_attachment(name));

-- Nobody lists the bucket: messages say what there is, and a list would ask the gate of each file there is, whoever asks (3.5 s for
-- 100,000). Storage says in this setting what it is asked for.
create policy guildhall_attachments_select on storage.objects
for select to authenticated using (
  bucket_id = 'attachments'
  and (
    select coalesce(pg_catalog.current_setting('storage.operation', true), '') not in (
      'storage.object.list', 'storage.object.list_v2', 'storage.s3.object.list'
    )
  )
  and private.may_read_attachment(name)
);

create policy guildhall_attachments_delete on storage.objects
for delete to authenticated using (bucket_id = 'attachments' and private.may_remove_attachment(name));
