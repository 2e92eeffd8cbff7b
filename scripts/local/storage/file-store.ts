import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tooLarge } from './storage-error.ts';

/** The bytes of the objects, one file for each version of one. Its name is made here, so no path of a client's gets near the disk. */
export class FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes a new version. @throws StorageError when it is longer than `limit` bytes; nothing is kept of it then. */
  async write(
    body: AsyncIterable<Uint8Array>,
    limit: number,
  ): Promise<{ version: string; size: number }> {
    const version = randomUUID();
    let size = 0;
    try {
      await pipeline(
        body,
        async function* (chunks: AsyncIterable<Uint8Array>) {
          for await (const chunk of chunks) {
            size += chunk.byteLength;
            if (size > limit) throw tooLarge();
            yield chunk;
          }
        },
        createWriteStream(this.#path(version), { flags: 'wx', mode: 0o600 }),
      );
    } catch (error) {
      await this.remove(version);
      throw error;
    }
    return { version, size };
  }

  read(version: string): ReadableStream {
    return Readable.toWeb(createReadStream(this.#path(version))) as ReadableStream;
  }

  async remove(version: string): Promise<void> {
    await rm(this.#path(version), { force: true });
  }

  #path(version: string): string {
    return join(this.#folder, version);
  }
}
