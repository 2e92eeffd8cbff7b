export {
  explainPermission,
  type PermissionExplanation,
  type PermissionTier,
} from './access/explain-permission.ts';
export type {
  ChannelFacts,
  CommunityFacts,
  MemberFacts,
  OverwriteFacts,
  RoleFacts,
} from './access/facts.ts';
export {
  resolveChannelPermissions,
  resolveCommunityPermissions,
} from './access/resolve-permissions.ts';
export type { Attachments, OutgoingAttachment, UploadOptions } from './attachments.ts';
export type { CallEvent, CallerOptions, CallOptions } from './call.ts';
export {
  type CallRecorder,
  type CallRecorderOptions,
  createCallRecorder,
  type RecordedOperation,
} from './call-recorder.ts';
export type { DataExports } from './data-exports.ts';
export { GuildhallError, type GuildhallErrorCode } from './errors.ts';
export { contractVersion } from './generated/contract-version.ts';
export type * from './generated/domains.ts';
export type * from './generated/functions.ts';
export { type Permission, permissionScopes } from './generated/permissions.ts';
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
export type { RtcConstructor } from './voice/peer-link.ts';
export type { VoiceCalls, VoiceJoinOptions, VoiceSfuToken } from './voice/voice.ts';
export type { VoiceCall } from './voice/voice-call.ts';
export type { VoiceIceBackend, VoiceIceServers } from './voice/voice-ice-backend.ts';
export type {
  VoiceConnection,
  VoiceEndReason,
  VoiceParticipant,
  VoiceSnapshot,
  VoiceStatus,
} from './voice/voice-snapshot.ts';
