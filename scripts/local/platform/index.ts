export {
  applyPlatform,
  type GrantDefault,
  type PlatformOptions,
} from './apply-platform.ts';
export { type CronWorker, startCronWorker } from './cron-worker.ts';
export { type NetWorker, startNetWorker } from './net-worker.ts';
export { startPartitionWorker } from './partition-worker.ts';
export { PlatformRefusal } from './refusals.ts';
