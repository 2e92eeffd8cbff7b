import { GuildhallError } from '../errors.ts';
import type { OutgoingTracks } from './peer-link.ts';

/** Our own microphone and camera, and what of them may leave. */
export class OwnMedia {
  #microphone: MediaStreamTrack | null = null;
  #camera: MediaStreamTrack | null = null;

  constructor(media: MediaStream | readonly MediaStreamTrack[] | undefined) {
    const tracks = media === undefined ? [] : isStream(media) ? media.getTracks() : media;
    this.setMicrophone(tracks.find((track) => track.kind === 'audio') ?? null);
    this.setCamera(tracks.find((track) => track.kind === 'video') ?? null);
  }

  setMicrophone(track: MediaStreamTrack | null): void {
    this.#microphone = ofKind(track, 'audio');
  }

  setCamera(track: MediaStreamTrack | null): void {
    this.#camera = ofKind(track, 'video');
  }

  /** What is sent by who may do this much. A microphone that is muted is switched off at its source. */
  outgoing(rights: { canSpeak: boolean; canStream: boolean; isMuted: boolean }): OutgoingTracks {
    if (this.#microphone !== null) this.#microphone.enabled = !rights.isMuted;
    return {
      audio: rights.canSpeak ? this.#microphone : null,
      video: rights.canStream ? this.#camera : null,
    };
  }
}

function isStream(media: MediaStream | readonly MediaStreamTrack[]): media is MediaStream {
  return typeof (media as MediaStream).getTracks === 'function';
}

function ofKind(track: MediaStreamTrack | null, kind: 'audio' | 'video'): MediaStreamTrack | null {
  if (track === null || track.kind === kind) return track;
  throw new GuildhallError({
    code: 'invalid_argument',
    message: `This takes a track of kind ${kind}.`,
    details: { field: 'track' },
  });
}
