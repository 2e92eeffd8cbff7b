/** Why a request is not answered with what it asks for. The message is a sentence for a person and says nothing of the inside. */
export class Refusal extends Error {
  readonly status: number;
  /** What a program branches on. */
  readonly code: string;
  /** Headers that belong to the refusal: `retry-after`, `allow`, `www-authenticate`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function sessionRequired(): Refusal {
  return new Refusal(401, 'session_required', 'Sign in first.', { 'www-authenticate': 'Bearer' });
}

export function invalidArgument(message: string): Refusal {
  return new Refusal(422, 'invalid_argument', message);
}

/** A failure of what stands behind the function: its log has the reason, whoever asked does not. */
export function failed(status: number, code: string): Refusal {
  return new Refusal(status, code, 'The server could not do this.');
}

/** Whole seconds, rounded up: a client that comes back at that moment is not too early. */
export function tooFast(code: string, message: string, retryAfter: unknown): Refusal {
  const seconds = typeof retryAfter === 'number' && retryAfter > 0 ? Math.ceil(retryAfter) : 1;
  return new Refusal(429, code, message, { 'retry-after': String(seconds) });
}
