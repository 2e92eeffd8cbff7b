-- pg_cron where the server has it: the extension itself, with the rights a hosted project gives the migration role.
-- It may schedule and unschedule for itself and read its jobs; it may not write the job table or another database.

create extension if not exists pg_cron with schema pg_catalog;

grant usage on schema cron to postgres with grant option;
revoke all on cron.job from postgres;
grant select on cron.job to postgres with grant option;
grant select, delete on cron.job_run_details to postgres with grant option;
grant execute on function
  cron.schedule(text, text), cron.schedule(text, text, text),
  cron.unschedule(bigint), cron.unschedule(text)
  to postgres with grant option;
