/**
 * PGlite decodes every value it reads with a plain TextDecoder, which drops a byte-order mark at the start. A text value
 * is not a file: a message may begin with one, and has to come back as it was sent. PGlite makes its decoders while it
 * runs, so this has to be in place before it is loaded, and stay.
 */
const Native = globalThis.TextDecoder;

globalThis.TextDecoder = class extends Native {
  constructor(label?: string, options: TextDecoderOptions = {}) {
    super(label, { ignoreBOM: true, ...options });
  }
};
