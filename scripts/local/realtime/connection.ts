import type { WebSocket } from 'ws';
import { CallWindow } from './call-window.ts';
import { Channel } from './channel.ts';
import type { RelayContext } from './context.ts';
import { admit, JoinRefused, type Visitor } from './join.ts';
import { type ClientMessage, type Codec, type JsonObject, MalformedMessage } from './protocol.ts';

/** How often a connection is looked at in the time it may be silent. */
export const looksPerSilence = 4;

const closeMalformed = 1007;
const closeGoingAway = 1001;

/** One client's WebSocket and the channels joined over it. */
export class Connection {
  readonly codec: Codec;
  readonly #context: RelayContext;
  readonly #socket: WebSocket;
  readonly #visitor: Visitor;
  readonly #channels = new Map<string, Channel>();
  /** The last message of each topic that is still being handled: a topic's messages are handled one after another. */
  readonly #busy = new Map<string, Promise<void>>();
  /** Joins being decided, which count towards the limit of channels. */
  #joining = 0;
  readonly #messages: CallWindow;
  #silentLooks = 0;
  #closed = false;

  constructor(context: RelayContext, socket: WebSocket, codec: Codec, visitor: Visitor) {
    this.#context = context;
    this.#socket = socket;
    this.codec = codec;
    this.#visitor = visitor;
    this.#messages = new CallWindow(context.limits.messagesPerSecond, 1000);
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('close', () => this.#release());
    // A close follows every error of a socket.
    socket.on('error', () => {});
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  write(frame: string | Uint8Array): void {
    if (this.#closed) return;
    if (this.#socket.bufferedAmount > this.#context.limits.unreadBytes) {
      this.#context.log('cut off a client that does not read what it is sent');
      this.#socket.terminate();
      this.#release();
      return;
    }
    this.#socket.send(frame);
  }

  channelEnded(channel: Channel): void {
    if (this.#channels.get(channel.wireTopic) === channel) this.#channels.delete(channel.wireTopic);
  }

  /**
   * Cuts off a client that was silent for too many looks in a row. Looks are counted and not seconds: a machine that
   * slept, or a process that was busy, has first to read what came in meanwhile.
   */
  cutIfSilent(): void {
    this.#silentLooks += 1;
    if (this.#silentLooks <= looksPerSilence) return;
    const { silenceMs } = this.#context.limits;
    this.#context.log(`cut off a client after ${silenceMs / 1000} s without a heartbeat`);
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close(closeGoingAway, 'The relay is shutting down');
    this.#release();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#silentLooks = 0;
    let message: ClientMessage;
    try {
      message = this.codec.decode(data, isBinary);
    } catch (error) {
      // Whatever a client sends (nested too deep to be written out again, say) ends that client, never the stack.
      const reason =
        error instanceof MalformedMessage ? error.message : 'The message cannot be read';
      this.#context.log(`closed a connection: ${reason}`);
      this.#socket.close(closeMalformed, reason);
      return;
    }
    if (message.topic === 'phoenix') {
      if (message.event === 'heartbeat') this.#reply(message, 'ok');
      return;
    }
    if (!this.#messages.admits()) {
      this.#channels.get(message.topic)?.shutDown('Too many messages per second');
      return;
    }
    this.#inTurn(message.topic, () => this.#handle(message));
  }

  #inTurn(topic: string, task: () => Promise<void>): void {
    const turn = (this.#busy.get(topic) ?? Promise.resolve())
      .then(task)
      .catch((error) => this.#context.log(`failed on a message to "${topic}": ${error}`))
      .then(() => {
        if (this.#busy.get(topic) === turn) this.#busy.delete(topic);
      });
    this.#busy.set(topic, turn);
  }

  async #handle(message: ClientMessage): Promise<void> {
    if (this.#closed) return;
    const { topic, event } = message;
    const channel = this.#channels.get(topic);
    if (event === 'phx_join') return this.#join(message);
    if (event === 'phx_leave') {
      this.#reply(message, 'ok');
      // A leave that was sent for an earlier join must not end the present one.
      if (channel !== undefined && channel.joinRef === message.joinRef) this.#leave(channel);
      return;
    }
    if (channel === undefined) {
      this.#reply(message, 'error', { reason: 'unmatched topic' });
      return;
    }
    if (channel.joinRef === message.joinRef) await channel.handle(message);
  }

  async #join(message: ClientMessage): Promise<void> {
    const earlier = this.#channels.get(message.topic);
    if (earlier !== undefined) this.#leave(earlier);
    if (this.#channels.size + this.#joining >= this.#context.limits.channelsPerConnection) {
      this.#refuse(message, 'ChannelRateLimitReached: Too many channels');
      return;
    }
    this.#joining += 1;
    try {
      const joined = await admit(this.#context, this.#visitor, message);
      if (this.#closed) return;
      const channel = new Channel(this.#context, this, joined);
      this.#channels.set(message.topic, channel);
      this.#reply(message, 'ok', { postgres_changes: [] });
      channel.welcome(joined.replayed);
    } catch (error) {
      if (error instanceof JoinRefused) {
        this.#refuse(message, error.reason);
        return;
      }
      this.#refuse(message, 'UnknownErrorOnChannel: Unknown Error on Channel');
      throw error;
    } finally {
      this.#joining -= 1;
    }
  }

  #refuse(message: ClientMessage, reason: string): void {
    this.#context.log(`refused a join of "${message.topic}": ${reason}`);
    this.#reply(message, 'error', { reason });
  }

  #leave(channel: Channel): void {
    channel.end();
    this.#channels.delete(channel.wireTopic);
    channel.sendClose();
  }

  #reply(message: ClientMessage, status: 'ok' | 'error', response: JsonObject = {}): void {
    const { joinRef, ref, topic } = message;
    const payload = { status, response };
    this.write(this.codec.encode({ joinRef, ref, topic, event: 'phx_reply', payload }));
  }

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const channel of this.#channels.values()) channel.end();
    this.#channels.clear();
  }
}
