import type { Database } from '../../database/database.ts';

export interface CronWorker {
  /** Starts no more jobs and waits for those that run. */
  stop(): Promise<void>;
}

interface Job {
  jobid: number;
  username: string;
  command: string;
}

/** After a longer pause of the process the runs in between are left out. */
const CATCH_UP_MINUTES = 5;
const MINUTE = 60_000;

/**
 * Runs the jobs of the stand-in for pg_cron, each as the role that scheduled it and in a transaction of its own,
 * with that role's settings. No job runs twice at the same time. Does nothing where the server has pg_cron itself.
 */
export async function startCronWorker(
  database: Database,
  log: (line: string) => void = console.error,
): Promise<CronWorker> {
  const [platform] = await database.query<{ stand_in: boolean }>(
    "select to_regclass('platform_shim.own_jobs') is not null as stand_in",
  );
  if (!platform?.stand_in) return { stop: async () => {} };

  await database.query(`
    update cron.job_run_details
    set status = 'failed', return_message = 'server restarted', end_time = clock_timestamp()
    where status in ('starting', 'running')
  `);

  const running = new Map<number, Promise<void>>();
  /** When the next run of an interval job is due, by job; milliseconds since the epoch. */
  const intervalDue = new Map<number, number>();
  let intervals: { jobid: number; seconds: number }[] = [];
  let hasMinuteJobs = false;
  let lastMinute = Math.floor(Date.now() / MINUTE);
  let stale = true;
  let stopped = false;

  async function readSchedules(): Promise<void> {
    stale = false;
    const jobs = await database.query<{ jobid: number; seconds: number | null }>(
      'select jobid, platform_shim.cron_seconds(schedule) as seconds from cron.job where active',
    );
    intervals = jobs.flatMap(({ jobid, seconds }) =>
      seconds === null ? [] : [{ jobid, seconds }],
    );
    hasMinuteJobs = intervals.length < jobs.length;
    const known = new Set(intervals.map(({ jobid }) => jobid));
    for (const jobid of intervalDue.keys()) if (!known.has(jobid)) intervalDue.delete(jobid);
    for (const { jobid, seconds } of intervals) {
      const due = Date.now() + seconds * 1000;
      intervalDue.set(jobid, Math.min(intervalDue.get(jobid) ?? due, due));
    }
  }

  /** Jobs whose schedule names one of the minutes after `from`, up to and with `to` (minutes since the epoch). */
  const jobsOfMinutes = (from: number, to: number) =>
    database.query<Job>(
      `select jobid, username, command
       from cron.job
       where active and platform_shim.cron_seconds(schedule) is null and exists (
         select from generate_series($1::bigint + 1, $2::bigint) as minute
         where platform_shim.cron_matches(schedule, to_timestamp(minute * 60))
       )
       order by jobid`,
      [from, to],
    );

  async function run(job: Job): Promise<void> {
    const [started] = await database.query<{ runid: number }>(
      `insert into cron.job_run_details (jobid, job_pid, database, username, command, status, start_time)
       values ($1, pg_backend_pid(), current_database(), $2, $3, 'running', clock_timestamp())
       returning runid`,
      [job.jobid, job.username, job.command],
    );
    let status = 'succeeded';
    let message: string | null = null;
    try {
      await database.transaction(async (tx) => {
        await tx.query(
          `select set_config(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1), true)
           from pg_catalog.pg_db_role_setting, unnest(setconfig) as setting
           where setrole = $1::text::regrole and setdatabase = 0`,
          [quoted(job.username)],
        );
        await tx.execute(`set local session authorization ${quoted(job.username)}`);
        await tx.execute(job.command);
      });
    } catch (error) {
      status = 'failed';
      message = `ERROR: ${error instanceof Error ? error.message : String(error)}`;
    }
    await database.query(
      `update cron.job_run_details
       set status = $2, return_message = $3, end_time = clock_timestamp()
       where runid = $1`,
      [started?.runid, status, message],
    );
  }

  function start(job: Job): void {
    if (stopped || running.has(job.jobid)) return;
    const done = run(job)
      .catch((error: Error) => log(`[cron] job ${job.jobid}: ${error.message}`))
      .finally(() => running.delete(job.jobid));
    running.set(job.jobid, done);
  }

  async function tick(): Promise<void> {
    if (stale) await readSchedules();
    const now = Date.now();

    const due = intervals.filter(({ jobid }) => (intervalDue.get(jobid) ?? 0) <= now);
    if (due.length > 0) {
      for (const { jobid, seconds } of due) intervalDue.set(jobid, now + seconds * 1000);
      const jobs = await database.query<Job>(
        'select jobid, username, command from cron.job where active and jobid = any ($1::bigint[])',
        [`{${due.map(({ jobid }) => jobid).join(',')}}`],
      );
      for (const job of jobs) start(job);
    }

    const minute = Math.floor(now / MINUTE);
    if (minute > lastMinute) {
      const from = Math.max(lastMinute, minute - CATCH_UP_MINUTES);
      lastMinute = minute;
      if (hasMinuteJobs) for (const job of await jobsOfMinutes(from, minute)) start(job);
    }
  }

  const unlisten = await database.listen('platform_cron', () => {
    stale = true;
  });

  let timer: NodeJS.Timeout;
  let ticking: Promise<void> = Promise.resolve();
  const next = () => {
    timer = setTimeout(() => {
      ticking = tick()
        .catch((error: Error) => log(`[cron] ${error.message}`))
        .finally(() => {
          if (!stopped) next();
        });
    }, 1000);
    timer.unref();
  };
  next();

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await ticking;
      await Promise.all(running.values());
      await unlisten();
    },
  };
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
