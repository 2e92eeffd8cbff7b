-- The Storage bucket that exports lie in: private, each at <user id>/<export id>.json.gz. Made again it is made private again.
insert into storage.buckets (id, name, public) values ('exports', 'exports', false)
on conflict (id) do update set public = excluded.public;
