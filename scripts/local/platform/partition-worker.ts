import type { Database } from '../../database/database.ts';

/**
 * Keeps the daily partitions of realtime.messages as the Realtime service does: ahead of time, and dropped after 72
 * hours. A stack that runs past midnight would otherwise lose every broadcast.
 */
export async function startPartitionWorker(
  database: Database,
  log: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await database.query('select realtime.ensure_partitions()');
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = database
      .query('select realtime.ensure_partitions()')
      .catch((error: Error) => log(`[realtime] partitions: ${error.message}`));
  }, 3_600_000);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
