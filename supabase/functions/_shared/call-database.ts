import { sharedClient } from './project-client.ts';
import { failed, invalidArgument, Refusal, sessionRequired, tooFast } from './refusal.ts';

/** Who asks the database, and under which id its log finds the call. */
export interface Caller {
  readonly token: string;
  readonly requestId: string;
}

const TIMEOUT_MS = 10_000;

/** Calls one function as the caller, whose own token decides what it may. Throws a Refusal. */
export async function callDatabase<T>(name: string, args: object, caller: Caller): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const { data, error, status } = await sharedClient()
    .rpc(name, args)
    .setHeader('authorization', `Bearer ${caller.token}`)
    .setHeader('x-request-id', caller.requestId)
    .abortSignal(timeout);
  if (error === null) return data as T;
  throw timeout.aborted ? failed(504, 'timeout') : refusalOf(error, status, name);
}

interface RestError {
  readonly message?: string;
  readonly code?: string;
  readonly details?: unknown;
}

/** What the database raised itself carries its code in DETAIL, as JSON, and a sentence for a person. */
function refusalOf(error: RestError, status: number, name: string): Refusal {
  const raised = raisedDetails(error.details);
  if (status === 401) return sessionRequired();
  if (typeof raised.code === 'string' && status >= 400 && status < 500) {
    const message = error.message ?? raised.code;
    return status === 429
      ? tooFast(raised.code, message, raised.retry_after)
      : new Refusal(status, raised.code, message);
  }
  const origin = error.code ?? '';
  if (/^PGRST30[1-3]$/.test(origin)) return sessionRequired();
  if (origin === '42501') {
    return new Refusal(403, 'missing_permission', 'You are not allowed to do this.');
  }
  if (origin.startsWith('22')) return invalidArgument('A value is not valid.');
  if (status === 429) return tooFast('rate_limited', 'Too many requests.', null);
  if (origin === '' && status >= 400 && status < 500) {
    return invalidArgument('The request could not be taken.');
  }
  // Codes only: messages of PostgreSQL may quote what somebody wrote.
  console.error(`${name} failed: status ${status}, ${origin}`);
  if (/^PGRST(202|203|106)$/.test(origin)) return failed(503, 'contract_mismatch');
  if (origin === '57014') return failed(504, 'timeout');
  if (origin === '' || /^PGRST00[0-3]$/.test(origin)) return failed(503, 'unavailable');
  return failed(500, 'database_error');
}

function raisedDetails(details: unknown): Readonly<Record<string, unknown>> {
  if (typeof details !== 'string' || !details.startsWith('{')) return {};
  try {
    return JSON.parse(details);
  } catch {
    // DETAIL of an error that is not ours may begin with a brace and be no JSON.
    return {};
  }
}
