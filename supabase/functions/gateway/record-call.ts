import { recordRequest } from '../_shared/record-calls.ts';

/** What is known of one answered request. Nothing of its contents: no bodies, no tokens, no ids of people or threads. */
export interface GatewayCall {
  /** `chat_send`, `auth_token`, …; `other` where there is no such route. */
  readonly route: string;
  readonly status: number;
  /** Null where it was answered with what was asked for. */
  readonly code: string | null;
  /** Milliseconds, rounded. */
  readonly latency_ms: number;
  readonly request_id: string;
}

/** The one place where every answered request passes: a line of JSON in the function's log, and a record in the database. */
export function recordCall(call: GatewayCall): void {
  console.log(JSON.stringify(call));
  recordRequest({
    function: `gateway.${call.route}`,
    code: call.code,
    latencyMs: call.latency_ms,
    requestId: call.request_id,
  });
}
