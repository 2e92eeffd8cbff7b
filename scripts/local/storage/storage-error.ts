/** An answer in the platform's words. It says the real status in the body and 400 on the outside, for nearly all of them. */
export class StorageError extends Error {
  readonly statusCode: string;
  readonly error: string;

  constructor(statusCode: number, error: string, message: string) {
    super(message);
    this.statusCode = String(statusCode);
    this.error = error;
  }
}

export const noSuchBucket = () =>
  new StorageError(404, 'Bucket not found', 'The resource was not found');
export const noSuchKey = () => new StorageError(404, 'not_found', 'Object not found');
export const tooLarge = () =>
  new StorageError(413, 'Payload too large', 'The object exceeded the maximum allowed size');

/** What the database refuses, as the platform hands it on: anything it does not know by its SQLSTATE says only that. */
export function asStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as { code?: string; message: string };
  if (code === '42501') {
    return new StorageError(
      403,
      'Unauthorized',
      message.includes('row-level security')
        ? 'new row violates row-level security policy'
        : message,
    );
  }
  if (code === '23505') return new StorageError(409, 'Duplicate', 'The resource already exists');
  if (code === '23503') return noSuchBucket();
  return new StorageError(500, 'internal', `database error, code: ${code ?? 'none'}`);
}
