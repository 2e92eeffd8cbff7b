import { GuildhallError, type GuildhallErrorCode } from './errors.ts';

/** Storage says the real status in its body; a gateway before it says it only on the outside. */
interface StorageFailure extends Error {
  readonly status?: number | undefined;
  readonly statusCode?: string | undefined;
}

const CODES: Readonly<Record<number, GuildhallErrorCode>> = {
  401: 'session_required',
  403: 'missing_permission',
  404: 'not_found',
  409: 'conflict',
  413: 'file_too_large',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** What Storage refuses, as a failure of the SDK. */
export function asStorageError(error: StorageFailure): GuildhallError {
  const named = Number(error.statusCode);
  const status = Number.isInteger(named) && named >= 400 ? named : (error.status ?? 0);
  const code = status === 0 ? 'network_error' : (CODES[status] ?? 'unexpected_answer');
  return new GuildhallError({ code, message: error.message, status, cause: error });
}
