// voice-token: a token with which a session connects to the SFU (LiveKit). The database says whether and what for
// (authorize_voice_token); this signs it.
import { AccessToken } from 'livekit-server-sdk';
import { callDatabase } from '../_shared/call-database.ts';
import { livekitSettings } from '../_shared/livekit-settings.ts';
import { readFields } from '../_shared/read-fields.ts';
import { serveCallers } from '../_shared/serve-callers.ts';
import { publishingOf, type SessionRights } from '../_shared/sfu-permissions.ts';

interface Authorized extends SessionRights {
  readonly session_id: string;
  readonly channel_id: string;
}

/** Time enough to connect; whoever is connected gets new ones from the SFU. */
const TTL_SECONDS = 300;

serveCallers('voice_token', async (request, caller) => {
  const { url, apiKey, apiSecret } = livekitSettings();
  const { channelId, deviceId } = await readFields(request, ['channelId'], ['deviceId']);
  const session = await callDatabase<Authorized>(
    'authorize_voice_token',
    { p_channel_id: channelId, ...(deviceId === null ? {} : { p_device_id: deviceId }) },
    caller,
  );

  const room = session.channel_id;
  const expiresAt = new Date((Math.floor(Date.now() / 1_000) + TTL_SECONDS) * 1_000);
  // Nothing of the person: who a session is, the roster says to those who may know.
  const token = new AccessToken(apiKey, apiSecret, {
    identity: session.session_id,
    ttl: TTL_SECONDS,
  });
  token.addGrant({
    roomJoin: true,
    room,
    ...publishingOf(session),
    canUpdateOwnMetadata: false,
  });
  return { token: await token.toJwt(), url, room, expiresAt: expiresAt.toISOString() };
});
