-- Who may do what in the bucket. There is none for UPDATE: no file takes another's place, and none is moved.
create policy guildhall_attachments_insert on storage.objects
for insert to authenticated with check (bucket_id = 'attachments' and private.may_upload_attachment(name));

create policy guildhall_attachments_select on storage.objects
for select to authenticated using (bucket_id = 'attachments' and private.may_read_attachment(name));

create policy guildhall_attachments_delete on storage.objects
for delete to authenticated using (bucket_id = 'attachments' and private.may_remove_attachment(name));
