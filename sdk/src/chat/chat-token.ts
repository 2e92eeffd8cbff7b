import { GuildhallError } from '../errors.ts';

/** A token, and when it ends, in milliseconds since 1970; null where nobody knows. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number | null;
}

/** Gives a token; `renew` asks for another one than the last, which was refused. */
export type IssueToken = (renew: boolean) => Promise<IssuedToken>;

/** A token is renewed this long before it ends, so that none ends on the way. */
const MARGIN_MS = 60_000;
/** A clock that is wrong must not make a question of each call. */
const MIN_AGE_MS = 30_000;

/** The access token of the session, asked for once however many wait for it, and again before it ends. */
export class ChatToken {
  readonly #issue: IssueToken;
  #held: IssuedToken | null = null;
  #heldSince = 0;
  #asking: Promise<string> | null = null;

  constructor(issue: IssueToken) {
    this.#issue = issue;
  }

  /** @throws {GuildhallError} `session_required` when nobody is signed in */
  get(): Promise<string> {
    if (this.#asking !== null) return this.#asking;
    const held = this.#held;
    return held !== null && this.#isFresh(held) ? Promise.resolve(held.token) : this.#ask(false);
  }

  /** Another token than this one, which was refused. */
  renew(refused: string): Promise<string> {
    if (this.#asking !== null) return this.#asking;
    // Somebody else was refused with it before, and has another one by now.
    if (this.#held !== null && this.#held.token !== refused) return this.get();
    return this.#ask(true);
  }

  #isFresh({ expiresAt }: IssuedToken): boolean {
    if (expiresAt === null || expiresAt - Date.now() > MARGIN_MS) return true;
    return expiresAt > Date.now() && Date.now() - this.#heldSince < MIN_AGE_MS;
  }

  #ask(renew: boolean): Promise<string> {
    const asking = this.#issue(renew)
      .then((issued) => {
        this.#held = issued;
        this.#heldSince = Date.now();
        return issued.token;
      })
      .catch((cause: unknown) => {
        this.#held = null;
        throw cause;
      })
      .finally(() => {
        this.#asking = null;
      });
    this.#asking = asking;
    return asking;
  }
}

/** What the application gives as a token, and when it ends, as far as it says so itself. */
export function issuedToken(token: string | null | undefined): IssuedToken {
  if (typeof token !== 'string' || token === '') {
    throw new GuildhallError({ code: 'session_required', message: 'Sign in first.', status: 401 });
  }
  return { token, expiresAt: expiryIn(token) };
}

function expiryIn(token: string): number | null {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : null;
  } catch {
    return null;
  }
}
