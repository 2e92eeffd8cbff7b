import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  AccessToken,
  type ClaimGrants,
  ParticipantInfo,
  ParticipantPermission,
  TokenVerifier,
  TrackInfo,
  TrackSource,
  type TrackType,
} from 'livekit-server-sdk';

/** One request that arrived, as LiveKit's RoomService would have read it. */
export interface RoomRequest {
  method: string;
  body: Record<string, unknown>;
}

/** How the service answers for a room instead of as it should. */
export type Fault = (response: ServerResponse) => void;

/**
 * What stands in for a LiveKit server, which is not on every machine: it lets people in by tokens, gives whoever is in new ones that are good
 * for ten minutes, and answers the RoomService's three requests that Guildhall makes in Twirp's words. Tokens are checked by LiveKit's own
 * verifier, in requests as well.
 */
export class RoomService {
  readonly requests: RoomRequest[] = [];
  /** Requests whose bearer was not what LiveKit asks for. */
  readonly unauthorized: string[] = [];
  readonly faults = new Map<string, Fault>();
  /** Of each removal, the time before which tokens are to be refused, in seconds. */
  readonly revocations: number[] = [];

  readonly #rooms = new Map<string, Map<string, ParticipantInfo>>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #apiKey: string;
  readonly #apiSecret: string;

  constructor(apiKey: string, apiSecret: string) {
    this.#apiKey = apiKey;
    this.#apiSecret = apiSecret;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Somebody connects with a token. Returns the one that LiveKit sends them at once; throws where theirs is not valid. */
  async connect(token: string, kind = 0): Promise<string> {
    const claims = await new TokenVerifier(this.#apiKey, this.#apiSecret).verify(token, '1m');
    const { video, sub } = claims as ClaimGrants & { sub: string };
    if (video?.roomJoin !== true || !video.room) throw new Error('no token to join with');
    const room = this.#rooms.get(video.room) ?? new Map<string, ParticipantInfo>();
    this.#rooms.set(video.room, room);
    room.set(
      sub,
      new ParticipantInfo({
        identity: sub,
        kind,
        permission: new ParticipantPermission({
          canSubscribe: video.canSubscribe ?? true,
          canPublish: video.canPublish ?? true,
          canPublishData: video.canPublishData ?? video.canPublish ?? true,
          canPublishSources: (video.canPublishSources ?? []).map(trackSource),
        }),
      }),
    );
    const refreshed = new AccessToken(this.#apiKey, this.#apiSecret, { identity: sub, ttl: '10m' });
    refreshed.addGrant({
      ...video,
      ...(video.canPublishSources === undefined
        ? {}
        : { canPublishSources: video.canPublishSources.map(trackSource) }),
    });
    return refreshed.toJwt();
  }

  /** Somebody sends something; LiveKit looks at what they call it, and not at what it is. */
  publish(room: string, identity: string, type: TrackType, source: TrackSource): void {
    const participant = this.participant(room, identity);
    const sources = participant?.permission?.canPublishSources ?? [];
    if (!sources.includes(source)) throw new Error('this source may not be published');
    participant?.tracks.push(new TrackInfo({ sid: `TR_${randomUUID()}`, type, source }));
  }

  /** Somebody goes by themselves. */
  disconnect(room: string, identity: string): void {
    this.#rooms.get(room)?.delete(identity);
  }

  participant(room: string, identity: string): ParticipantInfo | undefined {
    return this.#rooms.get(room)?.get(identity);
  }

  /** How often the service was asked to do this with a participant, or with a whole room. */
  asked(method: string, identity?: string): number {
    return this.requests.filter(
      (request) =>
        request.method === method && (identity === undefined || request.body.identity === identity),
    ).length;
  }

  /** How often somebody has looked who is in this room. */
  looks(room: string): number {
    return this.requests.filter(
      ({ method, body }) => method === 'ListParticipants' && body.room === room,
    ).length;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.url?.replace('/twirp/livekit.RoomService/', '') ?? '';
    const body = JSON.parse(await text(request)) as Record<string, unknown>;
    const room = String(body.room);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const claims = await new TokenVerifier(this.#apiKey, this.#apiSecret)
      .verify(bearer)
      .catch(() => null);
    if (claims?.video?.roomAdmin !== true || claims.video.room !== room) {
      this.unauthorized.push(method);
      return twirpError(response, 401, 'unauthenticated');
    }
    this.requests.push({ method, body });
    const fault = this.faults.get(room);
    if (fault !== undefined) return fault(response);

    const participants = this.#rooms.get(room);
    if (method === 'ListParticipants') {
      return answerWith(response, {
        participants: [...(participants?.values() ?? [])].map((one) => one.toJson()),
      });
    }
    const participant = participants?.get(String(body.identity));
    if (participant === undefined) return twirpError(response, 404, 'not_found');
    if (method === 'RemoveParticipant') {
      this.revocations.push(Number(body.revokeTokenTs));
      participants?.delete(participant.identity);
      return answerWith(response, {});
    }
    if (method === 'UpdateParticipant') {
      participant.permission = ParticipantPermission.fromJson(body.permission as never);
      return answerWith(response, participant.toJson());
    }
    return twirpError(response, 404, 'bad_route');
  }
}

/** As tokens spell it. */
function trackSource(source: unknown): TrackSource {
  const name = String(source).toUpperCase() as keyof typeof TrackSource;
  return typeof source === 'number' ? source : TrackSource[name];
}

function answerWith(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function twirpError(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ code, msg: 'whatever it says, with a secret in it' }));
}
