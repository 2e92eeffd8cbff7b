import type { SupabaseClient } from '@supabase/supabase-js';
import { GuildhallError } from './errors.ts';
import type { SendMessageArgs } from './generated/functions.ts';
import { randomUuid } from './random-uuid.ts';
import { asStorageError } from './storage-error.ts';

/** A file that lies in the bucket, as `messages.send` and a live channel's `send` take it. */
export type OutgoingAttachment = NonNullable<SendMessageArgs['attachments']>[number];

export interface UploadOptions {
  /** What it is called, 1 to 255 characters; the file's own name when left out. */
  readonly name?: string;
  /** Its media type; the file's own when left out. */
  readonly contentType?: string;
  /** From when on nobody sees it, at most a year from now: ISO 8601 with an offset. Left out: it does not expire. */
  readonly expiresAt?: string;
}

/** Files of messages. All methods reject with a GuildhallError. */
export interface Attachments {
  /**
   * Puts a file, of up to 25 MiB, into the bucket and resolves to what `send` takes. Until it is sent only you see it, and after 24
   * hours it is gone. Needs `attach_files` in the channel; up to 50 files may wait to be sent.
   *
   * @example
   * const attachment = await guildhall.attachments.upload(channelId, input.files[0]);
   * await channel.send('Look', { attachments: [attachment] });
   */
  upload(channelId: string, file: Blob, options?: UploadOptions): Promise<OutgoingAttachment>;

  /**
   * Removes a file again that was not sent. Without a word where it is gone already, or was sent.
   *
   * @example
   * await guildhall.attachments.discard(channelId, attachment);
   */
  discard(channelId: string, attachment: { readonly id: string }): Promise<void>;

  /**
   * A URL under which a message's file can be fetched by whoever has it, for so many seconds: for `<img src>`. Made by who may read the
   * message; what happens to that right afterwards does not end it, so keep it short. `downloadAs`: the name under which a browser
   * saves it, instead of showing it.
   *
   * @example
   * image.src = await guildhall.attachments.url(message.attachments[0]);
   */
  url(
    attachment: { readonly path: string },
    options?: { readonly expiresIn?: number; readonly downloadAs?: string },
  ): Promise<string>;
}

const BUCKET = 'attachments';

export function createAttachments(client: SupabaseClient): Attachments {
  const bucket = () => client.storage.from(BUCKET);

  const ownPath = async (channelId: string, id: string): Promise<string> => {
    const { data } = await client.auth.getSession();
    if (data.session === null) {
      throw new GuildhallError({
        code: 'session_required',
        message: 'Sign in first.',
        status: 401,
      });
    }
    return `${channelId}/${data.session.user.id}/${id}`;
  };

  return {
    async upload(channelId, file, options = {}) {
      const id = randomUuid();
      const name = options.name ?? (file as Partial<File>).name ?? 'file';
      const path = await ownPath(channelId, id);
      const typed =
        options.contentType === undefined ? file : file.slice(0, file.size, options.contentType);
      const { error } = await bucket().upload(path, typed);
      if (error !== null) throw asStorageError(error);
      return { id, name, ...(options.expiresAt && { expires_at: options.expiresAt }) };
    },

    async discard(channelId, { id }) {
      const { error } = await bucket().remove([await ownPath(channelId, id)]);
      if (error !== null) throw asStorageError(error);
    },

    async url({ path }, { expiresIn = 3600, downloadAs } = {}) {
      const { data, error } = await bucket().createSignedUrl(
        path,
        expiresIn,
        downloadAs === undefined ? {} : { download: downloadAs },
      );
      if (error !== null) throw asStorageError(error);
      return data.signedUrl;
    },
  };
}
