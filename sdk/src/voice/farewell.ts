import type { SupabaseClient } from '@supabase/supabase-js';
import type { VoiceSeat } from './voice-source.ts';

/** What supabase-js keeps to itself and a page that is being left has no time to ask for. */
interface InsideOfClient {
  readonly rest?: { readonly url?: unknown };
  readonly supabaseKey?: unknown;
  readonly realtime?: { readonly accessTokenValue?: unknown };
}

/**
 * Closes a voice session with a request that outlives the page.
 *
 * supabase-js asks for the session before it sends anything, and nothing that waits is continued once the page is gone. So this
 * request is made at once, with the token that the realtime client holds, which is the one that the topics were joined with.
 * Where a client keeps these things elsewhere, its own way is tried.
 */
export function sayFarewell(
  client: SupabaseClient,
  { channelId, deviceId, sessionId }: VoiceSeat,
): void {
  const parameters = {
    p_channel_id: channelId,
    p_session_id: sessionId,
    ...(deviceId !== undefined && { p_device_id: deviceId }),
  };
  const { rest, supabaseKey, realtime } = client as unknown as InsideOfClient;
  const [url, token] = [rest?.url, realtime?.accessTokenValue];
  const isKnown =
    typeof url === 'string' && typeof token === 'string' && typeof supabaseKey === 'string';
  try {
    if (isKnown) {
      fetch(`${url}/rpc/leave_voice`, {
        method: 'POST',
        keepalive: true,
        headers: {
          apikey: supabaseKey,
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(parameters),
      }).catch(() => {});
    } else {
      client.rpc('leave_voice', parameters).then(
        () => {},
        () => {},
      );
    }
  } catch {
    // The session lapses by itself.
  }
}
