import type { SupabaseClient } from '@supabase/supabase-js';
import { asStorageError } from './storage-error.ts';

/** Files with all that is kept about you, made by `identity.exportMyData`. All methods reject with a GuildhallError. */
export interface DataExports {
  /**
   * A URL under which the file can be fetched by whoever has it, for so many seconds (60 when left out): give it to a link at once, and
   * keep it nowhere. It is gzip of JSON. `not_found` when the file is not there, not any more, or not yours.
   *
   * @example
   * const made = await guildhall.identity.myDataExport();
   * if (made?.path) location.href = await guildhall.dataExports.url({ path: made.path });
   */
  url(made: { readonly path: string }, options?: { readonly expiresIn?: number }): Promise<string>;
}

export function createDataExports(client: SupabaseClient): DataExports {
  return {
    async url({ path }, { expiresIn = 60 } = {}) {
      const { data, error } = await client.storage
        .from('exports')
        .createSignedUrl(path, expiresIn, { download: 'my-data.json.gz' });
      if (error !== null) throw asStorageError(error);
      return data.signedUrl;
    },
  };
}
