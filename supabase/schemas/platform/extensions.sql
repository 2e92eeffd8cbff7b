-- Extensions Guildhall needs and a fresh project does not have. Versions are never pinned: hosted projects ignore them.
-- Where the platform already offers the schemas `cron` and `net` (the embedded stack has its own workers), there is nothing
-- to create.
do $$
begin
  if pg_catalog.to_regnamespace('cron') is null then
    create extension if not exists pg_cron with schema pg_catalog;
  end if;
  if pg_catalog.to_regnamespace('net') is null then
    create extension if not exists pg_net with schema extensions;
  end if;
end
$$;
