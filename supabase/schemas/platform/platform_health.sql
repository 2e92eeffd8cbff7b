-- platform_health: what an uptime check should know and cannot see from outside. For the secret key only.
create function private.platform_health()
returns jsonb
language sql stable security definer set search_path = ''
as $$
  with problems as (
    select 'realtime_partition_missing' as problem
    where not exists (
      -- Realtime creates the daily partitions when a client connects; without today's, every broadcast is lost.
      select from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'realtime.messages'::regclass
        and c.relname = 'messages_' || pg_catalog.to_char(pg_catalog.now() at time zone 'UTC', 'YYYY_MM_DD')
    )
    union all
    select 'broadcasts_lost_in_the_last_hour'
    where exists (
      select from private.lost_broadcasts b where b.at > pg_catalog.now() - interval '1 hour'
    )
    union all
    select 'jobs_not_scheduled'
    where exists (
      select from private.jobs w
      where not exists (
        select from cron.job j
        where j.jobname = 'guildhall:' || w.name and j.schedule = w.schedule and j.command = w.command and j.active
      )
    )
    union all
    select 'jobs_failing'
    where exists (
      select from cron.job j
      join cron.job_run_details d on d.jobid = j.jobid
      where j.jobname like 'guildhall:%'
        and d.status = 'failed'
        and d.start_time > pg_catalog.now() - interval '1 hour'
    )
  )
  select pg_catalog.jsonb_build_object(
    'status', case when pg_catalog.count(*) = 0 then 'ok' else 'degraded' end,
    'problems', coalesce(pg_catalog.jsonb_agg(p.problem order by p.problem), '[]')
  )
  from problems p;
$$;

revoke all on function private.platform_health() from public, anon, authenticated, service_role;
grant execute on function private.platform_health() to service_role;

create function public.platform_health()
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.platform_health(); $$;

comment on function public.platform_health() is
$$Says whether the backend works behind its API: `{"status": "ok" | "degraded", "problems": [name, …]}`.
Problems: `realtime_partition_missing` (live messages are lost until a client connects to Realtime),
`broadcasts_lost_in_the_last_hour`, `jobs_not_scheduled` (one of them is missing, changed or switched off),
`jobs_failing` (one of them failed in the last hour). Needs the secret key.
@returns {{ status: 'ok' | 'degraded'; problems: string[] }}
@sdk health$$;

revoke all on function public.platform_health() from public, anon, authenticated, service_role;
grant execute on function public.platform_health() to service_role;
