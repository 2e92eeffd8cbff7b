-- schedule_job: the one way a job enters the schedule, so that each carries the prefix by which the contract knows it.
-- p_schedule is GMT: five cron fields, or 'N seconds' with N from 1 to 59.
create function private.schedule_job(p_name text, p_schedule text, p_command text)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into private.jobs (name, schedule, command) values (p_name, p_schedule, p_command)
  on conflict (name) do update set schedule = excluded.schedule, command = excluded.command;
  select cron.schedule('guildhall:' || p_name, p_schedule, p_command);
$$;

revoke all on function private.schedule_job(text, text, text) from public, anon, authenticated, service_role;
