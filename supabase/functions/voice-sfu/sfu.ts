import { RoomServiceClient, ServerError, TrackType } from 'livekit-server-sdk';
import type { LivekitSettings } from '../_shared/livekit-settings.ts';
import { publishingOf, rightsOf, type SessionRights } from '../_shared/sfu-permissions.ts';

/** Of LiveKit's kinds of participants (`ParticipantInfo.Kind`): people, by tokens such as ours. */
const STANDARD = 0;

/** Seconds for each request. */
const TIMEOUT = 5;

/** Somebody in a room who came with a token of ours. */
export interface SfuParticipant extends SessionRights {
  readonly session_id: string;
  /**
   * Whether they send sound though LiveKit knows that they may not: under the name of a camera or a screen, which is all that LiveKit looks at.
   * Whoever loses the right has their sound ended by LiveKit itself, so nobody comes to this by accident.
   */
  readonly is_smuggling: boolean;
}

/** Why the SFU has not done something: in our own words, since its own may quote anything. */
export class SfuFailure extends Error {
  readonly code: 'provider_unavailable' | 'timeout';

  constructor(message: string, code: 'provider_unavailable' | 'timeout' = 'provider_unavailable') {
    super(message);
    this.code = code;
  }
}

/** What this project asks of LiveKit's RoomService. Every method throws a SfuFailure. */
export class Sfu {
  readonly #rooms: RoomServiceClient;

  constructor({ url, apiKey, apiSecret }: LivekitSettings) {
    // It does not go looking for other regions: what fails is tried again, and until then this answers in time.
    this.#rooms = new RoomServiceClient(url, apiKey, apiSecret, {
      requestTimeout: TIMEOUT,
      failover: false,
    });
  }

  /**
   * Disconnects a session's participant; whoever is not there has been. Servers that keep a list of revoked tokens (LiveKit's cloud)
   * also refuse those that were made until now.
   */
  async remove(room: string, sessionId: string): Promise<void> {
    const revokeTokenTs = BigInt(Math.floor(Date.now() / 1_000) + 1);
    await settle(this.#rooms.removeParticipant(room, sessionId, { revokeTokenTs }), undefined);
  }

  /** Sets what a session's participant may publish, and ends what it may not any more. Whoever is not there needs none. */
  async update(room: string, sessionId: string, rights: SessionRights): Promise<void> {
    const permission = { ...publishingOf(rights), canUpdateMetadata: false };
    await settle(this.#rooms.updateParticipant(room, sessionId, { permission }), undefined);
  }

  /** Who is in a room by a token of ours. What an operator has put there (a recorder, an agent) is not, and is left alone. */
  async participantsOf(room: string): Promise<SfuParticipant[]> {
    const participants = await settle(this.#rooms.listParticipants(room), []);
    return participants
      .filter(({ kind }) => kind === STANDARD)
      .filter(({ identity }) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(identity))
      .map(({ identity, permission, tracks }) => {
        const rights = rightsOf(permission);
        const sounds = tracks.some(({ type }) => type === TrackType.AUDIO);
        return { session_id: identity, ...rights, is_smuggling: sounds && !rights.can_speak };
      });
  }
}

async function settle<T, None>(request: Promise<T>, ifNotFound: None): Promise<T | None> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ServerError) {
      const { status, code = '' } = error;
      if (status === 404 && code === 'not_found') return ifNotFound;
      const word = /^[a-z_]{1,30}$/.test(code) ? ` ${code}` : '';
      throw new SfuFailure(`the SFU answered with status ${status}${word}`);
    }
    const { name } = error as Error;
    if (name === 'TimeoutError' || name === 'AbortError') {
      throw new SfuFailure(`the SFU did not answer within ${TIMEOUT} seconds`, 'timeout');
    }
    // What fetch throws; everything else is about what was answered.
    if (name === 'TypeError') throw new SfuFailure('the SFU could not be reached');
    throw new SfuFailure('the SFU answered with something else');
  }
}
