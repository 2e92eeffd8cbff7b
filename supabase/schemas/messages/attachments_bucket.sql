-- The Storage bucket that files of messages lie in: private, up to 25 MiB each. Made again it is made private again.
insert into storage.buckets (id, name, public, file_size_limit)
values ('attachments', 'attachments', false, 26214400)
on conflict (id) do update set public = excluded.public, file_size_limit = excluded.file_size_limit;
