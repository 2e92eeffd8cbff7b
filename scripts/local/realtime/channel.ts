import { type Caller, type Extension, MissingPartition, type ReadRights } from './authorization.ts';
import { CallWindow } from './call-window.ts';
import type { ChannelConfig } from './channel-config.ts';
import type { RelayContext } from './context.ts';
import {
  type Broadcast,
  broadcastBytes,
  type ClientMessage,
  type Codec,
  isJsonObject,
  type JsonObject,
} from './protocol.ts';
import type { ReplayedBroadcast } from './replay.ts';
import { TokenRefused } from './token.ts';
import type { Subscriber, Topic, TopicName } from './topics.ts';

/** setTimeout counts in 32 bits; a token may live longer than that. */
const longestTimerMs = 2 ** 31 - 1;

/** The connection a channel belongs to, as far as the channel needs it. */
export interface ChannelOwner {
  readonly codec: Codec;
  write(frame: string | Uint8Array): void;
  /** Called once, when the channel has ended itself. */
  channelEnded(channel: Channel): void;
}

export interface JoinedChannel {
  name: string;
  joinRef: string | null;
  config: ChannelConfig;
  token: string;
  caller: Caller;
  /** Null on a public channel, where nothing is checked. */
  rights: ReadRights | null;
  replayed: ReplayedBroadcast[];
}

/**
 * One client's membership of one topic. What it may do is asked when it joins or first sends, and then holds until the
 * client brings a new token.
 */
export class Channel implements Subscriber {
  readonly codec: Codec;
  readonly wireTopic: string;
  readonly joinRef: string | null;
  readonly replayed: ReadonlySet<string>;
  readonly #context: RelayContext;
  readonly #owner: ChannelOwner;
  readonly #topicName: TopicName;
  readonly #config: ChannelConfig;
  readonly #presenceCalls: CallWindow;
  #topic: Topic;
  #token: string;
  #caller: Caller;
  #rights: ReadRights | null;
  readonly #maySend = new Map<Extension, boolean>();
  #presenceEnabled: boolean;
  #expiry: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(context: RelayContext, owner: ChannelOwner, joined: JoinedChannel) {
    this.#context = context;
    this.#owner = owner;
    this.codec = owner.codec;
    this.wireTopic = `realtime:${joined.name}`;
    this.joinRef = joined.joinRef;
    this.replayed = new Set(joined.replayed.map(({ id }) => id));
    this.#config = joined.config;
    this.#topicName = { name: joined.name, private: joined.config.private };
    this.#token = joined.token;
    this.#caller = joined.caller;
    this.#rights = joined.rights;
    this.#presenceEnabled = joined.config.presenceEnabled;
    const { presenceCalls, presenceWindowMs } = context.limits;
    this.#presenceCalls = new CallWindow(presenceCalls, presenceWindowMs);
    this.#topic = context.topics.subscribe(this.#topicName, this);
    this.#watchExpiry();
  }

  get receivesPresence(): boolean {
    return this.#presenceEnabled && (this.#rights?.presence ?? true);
  }

  /** What a client expects right after the reply to its join. */
  welcome(replayed: ReplayedBroadcast[]): void {
    for (const { broadcast } of replayed) {
      const frame = this.codec.encodeBroadcast(this.wireTopic, broadcast);
      if (frame !== null) this.write(frame);
    }
    if (this.receivesPresence) this.push('presence_state', this.#topic.roster.state());
    if (this.#config.announceReady) this.#system('ok', 'Replication connection established');
  }

  /** Handles one message; the owner waits for it before it hands over the next. */
  async handle(message: ClientMessage): Promise<void> {
    if (this.#ended) return;
    if (message.broadcast !== null) return this.#handleBroadcast(message, message.broadcast);
    if (message.event === 'presence') return this.#handlePresence(message);
    if (message.event === 'access_token') return this.#renewToken(message.payload.access_token);
  }

  write(frame: string | Uint8Array): void {
    this.#owner.write(frame);
  }

  push(event: string, payload: JsonObject): void {
    const { joinRef, wireTopic: topic } = this;
    this.write(this.codec.encode({ joinRef, ref: null, topic, event, payload }));
  }

  /** Tells the client why, and ends the channel from this side. */
  shutDown(reason: string): void {
    if (this.#ended) return;
    this.#context.log(`closed a channel on "${this.#topicName.name}": ${reason}`);
    this.#system('error', reason);
    this.end();
    this.sendClose();
    this.#owner.channelEnded(this);
  }

  /** The client takes a close for this join only with the join's own reference. */
  sendClose(): void {
    const { joinRef, wireTopic: topic } = this;
    this.write(
      this.codec.encode({ joinRef, ref: joinRef, topic, event: 'phx_close', payload: {} }),
    );
  }

  /** Stops receiving and leaves the roster. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#expiry);
    this.#context.topics.unsubscribe(this.#topicName, this);
  }

  async #handleBroadcast(message: ClientMessage, broadcast: Broadcast): Promise<void> {
    let allowed: boolean;
    try {
      allowed = await this.#isAllowedToSend('broadcast');
    } catch (error) {
      this.#logFailedCheck(error);
      return;
    }
    // As on the platform a refused broadcast is not answered, so an acknowledged send times out.
    if (this.#ended || !allowed) return;
    if (broadcastBytes(broadcast) > this.#context.limits.payloadBytes) {
      this.#context.log(
        `refused a broadcast on "${this.#topicName.name}": its payload is too large`,
      );
      if (this.#config.acknowledge) {
        this.#reply(message.ref, 'error', { reason: 'payload_size_exceeded' });
      }
      return;
    }
    this.#topic.broadcast(broadcast, this.#config.self ? {} : { except: this });
    if (this.#config.acknowledge) this.#reply(message.ref, 'ok');
  }

  async #handlePresence(message: ClientMessage): Promise<void> {
    if (!this.#presenceCalls.admits()) {
      this.shutDown('Client presence rate limit exceeded');
      return;
    }
    const { event, payload = {} } = message.payload;
    const kind = String(event).toLowerCase();
    if (kind === 'untrack') {
      this.#topic.presenceChanged(this.#topic.roster.untrack(this));
      this.#reply(message.ref, 'ok');
      return;
    }
    if (kind !== 'track') {
      this.#reply(message.ref, 'error', { reason: 'Unknown presence event' });
      return;
    }
    if (!isJsonObject(payload)) {
      this.#reply(message.ref, 'error', { reason: 'Presence track payload must be a map' });
      return;
    }
    if (Buffer.byteLength(JSON.stringify(payload)) > this.#context.limits.payloadBytes) {
      this.shutDown('Track message size exceeded');
      return;
    }
    let allowed: boolean;
    try {
      allowed = await this.#isAllowedToSend('presence');
    } catch (error) {
      this.#logFailedCheck(error);
      this.#reply(message.ref, 'error');
      return;
    }
    if (this.#ended) return;
    if (!allowed) {
      this.#reply(message.ref, 'error');
      return;
    }
    // Tracking turns presence on for a client that did not ask for it when it joined.
    const enabledNow = !this.#presenceEnabled;
    this.#presenceEnabled = true;
    this.#topic.presenceChanged(this.#topic.roster.track(this, this.#config.presenceKey, payload));
    this.#reply(message.ref, 'ok');
    if (enabledNow && this.receivesPresence) {
      this.push('presence_state', this.#topic.roster.state());
    }
  }

  /** Checks the rights anew. Project keys in a token's place change nothing, as on the platform. */
  async #renewToken(token: unknown): Promise<void> {
    if (typeof token !== 'string' || token === this.#token || token.startsWith('sb_')) return;
    try {
      const claims = this.#context.credentials.claimsOf(token);
      const caller = { ...this.#caller, claims };
      const { name } = this.#topicName;
      const rights = this.#rights && (await this.#context.authorization.mayReceive(name, caller));
      if (this.#ended) return;
      if (lost(this.#rights, rights)) {
        this.shutDown(`You no longer have permission to read from this Channel topic: ${name}`);
        return;
      }
      this.#token = token;
      this.#caller = caller;
      this.#rights = rights;
      this.#maySend.clear();
      this.#watchExpiry();
    } catch (error) {
      if (error instanceof TokenRefused) {
        this.shutDown(error.message);
        return;
      }
      this.#logFailedCheck(error);
      this.shutDown('Realtime was unable to connect to the project database');
    }
  }

  async #isAllowedToSend(extension: Extension): Promise<boolean> {
    if (this.#rights === null) return true;
    const known = this.#maySend.get(extension);
    if (known !== undefined) return known;
    const { name } = this.#topicName;
    const allowed = await this.#context.authorization.maySend(name, extension, this.#caller);
    this.#maySend.set(extension, allowed);
    if (!allowed) {
      this.#context.log(
        `refused ${extension} on "${name}" from ${this.#caller.claims.sub ?? this.#caller.claims.role}: no INSERT policy of realtime.messages allows it`,
      );
    }
    return allowed;
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const { exp } = this.#caller.claims;
    if (exp === undefined) return;
    const wait = () => {
      const remainingMs = Math.max(exp * 1000 - Date.now(), 0);
      this.#expiry = setTimeout(check, Math.min(remainingMs, longestTimerMs));
    };
    const check = () => {
      const elapsed = Math.floor(Date.now() / 1000 - exp);
      if (elapsed < 0) wait();
      else this.shutDown(`Token has expired ${elapsed} seconds ago`);
    };
    wait();
  }

  #reply(ref: string | null, status: 'ok' | 'error', response: JsonObject = {}): void {
    const { joinRef, wireTopic: topic } = this;
    const payload = { status, response };
    this.write(this.codec.encode({ joinRef, ref, topic, event: 'phx_reply', payload }));
  }

  #system(status: 'ok' | 'error', message: string): void {
    const channel = this.#topicName.name;
    this.push('system', { extension: 'system', status, message, channel });
  }

  #logFailedCheck(error: unknown): void {
    const { name } = this.#topicName;
    const why =
      error instanceof MissingPartition
        ? 'realtime.messages has no partition for today'
        : String(error);
    this.#context.log(`could not check the rights on "${name}": ${why}`);
  }
}

function lost(before: ReadRights | null, after: ReadRights | null): boolean {
  if (before === null || after === null) return false;
  return (before.broadcast && !after.broadcast) || (before.presence && !after.presence);
}
