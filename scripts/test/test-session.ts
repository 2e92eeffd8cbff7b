/** What running one file gave: its output as psql would print it unaligned, and how it ended. */
interface FileOutput {
  lines: string[];
  /** The statement that failed, with its line in the file where the server says it. Nothing after it was run. */
  error?: string;
}

/** One connection, in which test files run one after the other as they stand. */
export interface TestSession {
  run(sql: string): Promise<FileOutput>;
  /** Ends whatever transaction a file left open and puts the session back to how it was opened. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The fields of a server's error that a person needs, from either driver. */
export interface ServerError {
  code?: string | undefined;
  message: string;
  detail?: string | undefined;
  hint?: string | undefined;
  where?: string | undefined;
  /** 1-based, in characters, from the start of the file. */
  position?: string | undefined;
}

/** Several lines for the person who looks for the mistake. */
export function describeError(error: ServerError, sql: string): string {
  const at =
    error.position === undefined
      ? ''
      : ` (line ${sql.slice(0, Number(error.position)).split('\n').length})`;
  return [
    `ERROR ${error.code ?? ''}: ${error.message}${at}`,
    ...(error.detail ? [`DETAIL: ${error.detail}`] : []),
    ...(error.hint ? [`HINT: ${error.hint}`] : []),
    ...(error.where ? [`CONTEXT: ${error.where}`] : []),
  ].join('\n');
}

/** A row as psql prints it with `-A -t`: columns joined by a bar, a null as nothing. */
export const rowLines = (fields: readonly (string | null)[]): string[] =>
  fields
    .map((field) => field ?? '')
    .join('|')
    .split('\n');
