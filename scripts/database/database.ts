/**
 * The one interface every part of the local stack talks to the database through, whichever engine runs it.
 * It connects as the platform's superuser `supabase_admin`.
 */
export interface Queryable {
  /**
   * Rows of one statement; parameters are `$1`, `$2` …
   * json comes parsed, bigint as a number while it is safe, timestamps as ISO 8601 text.
   */
  query<Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;
}

export interface Transaction extends Queryable {
  /** Several statements without parameters, as one string. */
  execute(sql: string): Promise<void>;
}

export interface Database extends Transaction {
  readonly engine: 'pglite' | 'postgres';
  /** Runs fn in one transaction that nobody else's statements can get into; rolls back when fn throws. */
  transaction<T>(fn: (tx: Transaction) => Promise<T>): Promise<T>;
  /** LISTEN; returns the function that ends it. */
  listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
