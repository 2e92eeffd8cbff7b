/**
 * What a generated function descriptor tells the runtime about one SQL function of the API.
 *
 * `functions.ts` in `generated/` exports one of these per public function; everything a call needs to know
 * beyond its arguments is in here.
 */
export interface FunctionDescriptor {
  /** The SQL function: `send_message`. */
  readonly name: string;
  /** The domain it belongs to: `messages`. */
  readonly domain: string;
  /** The method it becomes: `send`. */
  readonly method: string;
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  /**
   * The SQL argument that makes a repeated call harmless (`p_client_nonce`), `'always'` when a repetition is
   * harmless whatever the arguments, `null` when the function says nothing about it.
   */
  readonly idempotentBy: string | null;
  readonly returns: 'row' | 'rows' | 'scalar' | 'void';
  /** camelCase argument to SQL argument: `{ channelId: 'p_channel_id' }`. */
  readonly args: Readonly<Record<string, string>>;
  /** A zod schema of the camelCase arguments. */
  readonly argsSchema: ArgumentsSchema;
}

/** The part of a zod object schema that the runtime uses; naming only this keeps zod out of the runtime. */
export interface ArgumentsSchema {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: unknown }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly {
            readonly path: readonly PropertyKey[];
            readonly message: string;
          }[];
        };
      };
}
