import type { OutgoingAttachment } from './attachments.ts';
import {
  type FeedMessage,
  readMessage,
  readPage,
  readSyncAnswer,
  type SyncAnswer,
} from './channel-feed.ts';
import { GuildhallError } from './errors.ts';
import type { DescribedMessage } from './generated/rows.ts';
import type { PendingMessage } from './outbox.ts';

/** Where a live channel reads and writes: three functions of the database's API. */
export interface ChannelSource {
  sync(
    request: { channelId: string; afterRevision?: number; limit: number },
    signal: AbortSignal,
  ): Promise<unknown>;
  list(
    request: { channelId: string; limit: number; beforeSeq?: number },
    signal: AbortSignal,
  ): Promise<unknown>;
  send(request: {
    channelId: string;
    body: string;
    clientNonce: string;
    replyToSeq?: number;
    attachments?: OutgoingAttachment[];
  }): Promise<unknown>;
}

/** Asks a channel's source and checks the shape of what it answers. All methods reject with a GuildhallError. */
export class ChannelReader {
  readonly #channelId: string;
  readonly #source: ChannelSource;
  readonly #limits: { readonly pageSize: number; readonly syncLimit: number };
  #mayReadHistory = true;

  constructor(
    channelId: string,
    source: ChannelSource,
    limits: { readonly pageSize: number; readonly syncLimit: number },
  ) {
    this.#channelId = channelId;
    this.#source = source;
    this.#limits = limits;
  }

  /** Where the channel stands, with the changes after a revision when one is given. */
  async sync(signal: AbortSignal, afterRevision?: number): Promise<SyncAnswer> {
    const request = { channelId: this.#channelId, limit: this.#limits.syncLimit };
    const value = await this.#source.sync(
      afterRevision === undefined ? request : { ...request, afterRevision },
      signal,
    );
    const answer = readSyncAnswer(value, this.#channelId);
    return this.#mayReadHistory ? answer : withoutRemovals(answer);
  }

  /** The newest page, or the one before a seq, ascending. Empty for who may view but not read the history. */
  async page(signal: AbortSignal, beforeSeq?: number): Promise<FeedMessage[]> {
    const request = { channelId: this.#channelId, limit: this.#limits.pageSize };
    try {
      const value = await this.#source.list(
        beforeSeq === undefined ? request : { ...request, beforeSeq },
        signal,
      );
      this.#mayReadHistory = true;
      return readPage(value, this.#channelId);
    } catch (error) {
      const lacksHistory =
        error instanceof GuildhallError &&
        error.code === 'missing_permission' &&
        error.details.permission === 'read_history';
      if (!lacksHistory) throw error;
      this.#mayReadHistory = false;
      return [];
    }
  }

  async send({ body, nonce, replyToSeq, attachments }: PendingMessage): Promise<DescribedMessage> {
    const value = await this.#source.send({
      channelId: this.#channelId,
      body,
      clientNonce: nonce,
      ...(replyToSeq === null ? {} : { replyToSeq }),
      ...(attachments.length === 0 ? {} : { attachments: [...attachments] }),
    });
    const row = readMessage(value, this.#channelId);
    if (row !== null) return { my_reactions: [], ...row };
    throw new GuildhallError({
      code: 'unexpected_answer',
      message: 'send_message did not answer with what the contract promises.',
    });
  }
}

/** Who may not read the history gets every change without its message; that does not mean that it is gone. */
function withoutRemovals(answer: SyncAnswer): SyncAnswer {
  const changes = answer.changes.map((change) =>
    change.message === null && change.kind !== 'deleted'
      ? { ...change, message: undefined }
      : change,
  );
  return { ...answer, changes };
}
