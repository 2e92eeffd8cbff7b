import { GuildhallError } from '../errors.ts';
import type { Subscription, TopicListener, TopicSource } from '../topic-hub.ts';
import type { VoiceIceBackend } from '../voice/voice-ice-backend.ts';
import type {
  OutgoingSignal,
  VoiceParticipantRow,
  VoiceSessionRow,
  VoiceSource,
} from '../voice/voice-source.ts';

interface Session extends VoiceParticipantRow {
  channelId: string;
  former_ids: readonly string[];
  formerChannelIds: readonly string[];
  expiresAt: number;
}

type Operation = 'get' | 'openSession' | 'renewSession' | 'setState' | 'sendSignal';

export const [ROOM, OTHER_ROOM] = ['room-1', 'room-2'] as const;

export const refused = (code: string, status: number, details = {}) =>
  new GuildhallError({ code, message: code, status, details });

export const unreachable = () =>
  new GuildhallError({ code: 'network_error', message: 'The server cannot be reached.' });

/** Voice as the server keeps it, in memory: leases by the clock, a numbered roster, signals to one user's topic. */
export class ModelVoice {
  readonly sessions = new Map<string, Session>();
  readonly signals: (OutgoingSignal & { from: string })[] = [];
  readonly closed: string[] = [];
  readonly farewells: string[] = [];
  readonly calls: string[] = [];
  /** Signals that reach nobody, by what they are. */
  loses: (signal: OutgoingSignal & { from: string }) => boolean = () => false;
  /** What an operation of a user answers instead. */
  fails: (userId: string, operation: Operation) => Error | null = () => null;
  /** Roster events that reach nobody. */
  isDeaf = false;
  transport = 'mesh';
  readonly #revisions = new Map<string, number>();
  readonly #listeners = new Map<string, Set<TopicListener>>();
  #made = 0;

  source(userId: string): VoiceSource {
    const ask = async <T>(operation: Operation, answer: () => T): Promise<T> => {
      this.calls.push(`${userId} ${operation}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const failure = this.fails(userId, operation);
      if (failure !== null) throw failure;
      return answer();
    };
    return {
      get: ({ channelId }) => ask('get', () => this.#room(channelId)),
      openSession: ({ channelId }) =>
        ask('openSession', () => {
          this.remove(userId);
          this.#made += 1;
          this.put(userId, channelId, `session-${this.#made}`);
          return this.#sessionRow(userId);
        }),
      renewSession: ({ channelId }) =>
        ask('renewSession', () => {
          const session = this.#live(userId);
          if (session === null) throw refused('expired', 410, { elsewhere: false });
          if (session.channelId !== channelId && !session.formerChannelIds.includes(channelId)) {
            throw refused('expired', 410, { elsewhere: true });
          }
          // What is renewed within 5 seconds is not written again.
          if (session.expiresAt < Date.now() + 40_000) session.expiresAt = Date.now() + 45_000;
          return this.#sessionRow(userId);
        }),
      closeSession: async ({ sessionId }) => {
        this.closed.push(userId);
        if (this.sessions.get(userId)?.session_id === sessionId) this.remove(userId);
      },
      setState: ({ isSelfMuted, isSelfDeafened }) =>
        ask('setState', () => {
          this.change(userId, {
            ...(isSelfMuted !== undefined && { is_self_muted: isSelfMuted }),
            ...(isSelfDeafened !== undefined && { is_self_deafened: isSelfDeafened }),
          });
          return this.#sessionRow(userId);
        }),
      sendSignal: (signal) => ask('sendSignal', () => this.#signal(userId, signal)),
      farewell: () => this.farewells.push(userId),
    };
  }

  readonly topics: TopicSource = {
    join: (topic, listener): Subscription => {
      const listeners = this.#listeners.get(topic) ?? new Set();
      this.#listeners.set(topic, listeners.add(listener));
      setTimeout(() => listeners.has(listener) && listener.onJoined(), 2);
      return { renew: () => {}, leave: () => listeners.delete(listener) };
    },
  };

  readonly ice: VoiceIceBackend = {
    fetchIceServers: async () => ({
      iceServers: [
        {
          urls: 'turn:127.0.0.1',
          username: `until ${Date.now() + 600_000}`,
          credential: `of ${Date.now()}`,
        },
      ],
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      provider: 'coturn',
      degraded: false,
    }),
  };

  listeners(topic: string): number {
    return this.#listeners.get(topic)?.size ?? 0;
  }

  /** As a moderator moves somebody. */
  move(userId: string, channelId: string, sessionId: string): void {
    const from = this.sessions.get(userId);
    if (from === undefined) throw refused('not_found', 404);
    this.remove(userId);
    this.put(userId, channelId, sessionId, from);
  }

  /** As somebody joins, or comes from another channel. */
  put(userId: string, channelId: string, sessionId: string, from?: Session): void {
    const session: Session = {
      channelId,
      former_ids: from === undefined ? [] : [...from.former_ids, from.session_id],
      formerChannelIds: from === undefined ? [] : [...from.formerChannelIds, from.channelId],
      session_id: sessionId,
      user_id: userId,
      is_self_muted: false,
      is_self_deafened: false,
      is_muted: false,
      can_speak: true,
      can_stream: true,
      joined_at: new Date(Date.now()).toISOString(),
      expiresAt: Date.now() + 45_000,
    };
    this.sessions.set(userId, session);
    this.#tellRoster(channelId, [session], []);
  }

  change(userId: string, change: Partial<VoiceParticipantRow>): void {
    const session = this.sessions.get(userId);
    if (session === undefined) throw refused('expired', 410);
    Object.assign(session, change);
    this.#tellRoster(session.channelId, [session], []);
  }

  remove(userId: string): void {
    const session = this.sessions.get(userId);
    if (session === undefined) return;
    this.sessions.delete(userId);
    this.#tellRoster(session.channelId, [], [session.session_id]);
  }

  say(topic: string, event: string, payload: unknown): void {
    for (const listener of this.#listeners.get(topic) ?? []) {
      setTimeout(() => {
        if (this.#listeners.get(topic)?.has(listener)) listener.onBroadcast(event, payload);
      }, 1);
    }
  }

  topic(channelId: string): string {
    return `voice:${channelId}`;
  }

  revision(channelId: string): number {
    return this.#revisions.get(channelId) ?? 0;
  }

  #live(userId: string): Session | null {
    const session = this.sessions.get(userId);
    return session !== undefined && session.expiresAt > Date.now() ? session : null;
  }

  #room(channelId: string) {
    const present = [...this.sessions.values()].filter(
      (session) => session.channelId === channelId && session.expiresAt > Date.now(),
    );
    return {
      community_id: 'community',
      channel_id: channelId,
      transport: this.transport,
      topic: this.topic(channelId),
      revision: this.revision(channelId),
      participants: present.map((session) => ({ ...session })),
    };
  }

  #sessionRow(userId: string): VoiceSessionRow {
    const session = this.sessions.get(userId);
    if (session === undefined) throw refused('expired', 410);
    const { channelId, ...row } = session;
    return {
      ...row,
      community_id: 'community',
      channel_id: channelId,
      transport: this.transport,
      topic: this.topic(channelId),
      revision: this.revision(channelId),
    };
  }

  #signal(from: string, signal: OutgoingSignal): void {
    const session = this.#live(from);
    if (session === null) throw refused('expired', 410);
    const to = this.#live(signal.toUserId);
    if (to?.session_id !== signal.toSessionId) throw refused('not_found', 404);
    // As it goes over the wire.
    const said = structuredClone({ ...signal, from });
    this.signals.push(said);
    if (this.loses(said)) return;
    this.say(`user:${signal.toUserId}`, 'webrtc-signal', {
      channel_id: signal.channelId,
      from_user_id: from,
      from_session_id: session.session_id,
      to_session_id: signal.toSessionId,
      kind: signal.kind,
      payload: said.payload,
    });
  }

  #tellRoster(channelId: string, present: readonly Session[], left: readonly string[]): void {
    const revision = this.revision(channelId) + 1;
    this.#revisions.set(channelId, revision);
    if (this.isDeaf) return;
    this.say(this.topic(channelId), 'roster_changed', {
      channel_id: channelId,
      revision,
      present: present.map((session) => ({ ...session })),
      left,
    });
  }
}
