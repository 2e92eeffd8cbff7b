import { type ParticipantPermission, TrackSource } from 'livekit-server-sdk';

/** What a session may do in a room of the SFU, from the permission bits. */
export interface SessionRights {
  readonly can_speak: boolean;
  readonly can_stream: boolean;
}

const streaming = [TrackSource.CAMERA, TrackSource.SCREEN_SHARE];
/** A screen's sound needs both: LiveKit cannot tell it from a microphone's. */
const sounding = [TrackSource.MICROPHONE, TrackSource.SCREEN_SHARE_AUDIO];

/**
 * The part that a token and a change of permissions have in common. Everything is said: what is left out, LiveKit grants.
 * Data is not for anybody: what people send each other goes through the database.
 */
export function publishingOf({ can_speak, can_stream }: SessionRights) {
  const canPublishSources = [
    ...(can_speak ? [TrackSource.MICROPHONE] : []),
    ...(can_stream ? streaming : []),
    ...(can_speak && can_stream ? [TrackSource.SCREEN_SHARE_AUDIO] : []),
  ];
  return {
    canSubscribe: true,
    canPublish: canPublishSources.length > 0,
    // With none, LiveKit would take it for all of them; then canPublish is what says no.
    canPublishSources,
    canPublishData: false,
  };
}

/** The other way round: what a participant may, where anything of it is enough. */
export function rightsOf(permission: ParticipantPermission | undefined): SessionRights {
  const { canPublish = false, canPublishSources = [] } = permission ?? {};
  const may = (sources: readonly TrackSource[]) =>
    canPublish &&
    (canPublishSources.length === 0 || sources.some((one) => canPublishSources.includes(one)));
  return { can_speak: may(sounding), can_stream: may(streaming) };
}
