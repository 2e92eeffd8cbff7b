export type { CallEvent, CallerOptions, CallOptions } from './call.ts';
export { GuildhallError, type GuildhallErrorCode } from './errors.ts';
export { contractVersion } from './generated/contract-version.ts';
export type * from './generated/domains.ts';
export type * from './generated/functions.ts';
export type * from './generated/rows.ts';
export {
  createGuildhall,
  type Guildhall,
  type GuildhallClient,
  type GuildhallOptions,
} from './guildhall.ts';
export type { LiveChannel } from './live-channel.ts';
export type { LiveChannelOptions, LiveSnapshot, LiveStats, LiveStatus } from './live-snapshot.ts';
export type { SentMessage } from './message-window.ts';
export type { PendingMessage } from './outbox.ts';
