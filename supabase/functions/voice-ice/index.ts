// voice-ice: through which servers a member's voice finds its way (`POST {communityId, channelId}`). Who may have them is the database's
// to say, in one call as the caller; the credentials are made by the provider that the operator has chosen. Nobody who is refused gets
// any server, and no key of a provider leaves this function.
import { callDatabase } from '../_shared/call-database.ts';
import { readFields } from '../_shared/read-fields.ts';
import { recordRequest } from '../_shared/record-calls.ts';
import { failed, invalidArgument } from '../_shared/refusal.ts';
import { serveCallers } from '../_shared/serve-callers.ts';
import { issueServers } from './issue-servers.ts';
import { readSettings } from './settings.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const settings = readSettings((name) => Deno.env.get(name));
for (const complaint of settings.complaints) console.error(complaint);

serveCallers('voice_ice.issue', async (request, caller) => {
  const { communityId, channelId } = await readFields(request, ['communityId', 'channelId']);
  for (const [name, id] of Object.entries({ communityId, channelId })) {
    if (!uuid.test(id ?? '')) throw invalidArgument(`${name} must be a uuid.`);
  }
  const grant = await callDatabase<{ user_id?: unknown } | null>(
    'authorize_voice',
    { p_community_id: communityId, p_channel_id: channelId },
    caller,
  );
  const userId = grant?.user_id;
  // It becomes part of a user name: nothing else than an id may stand there.
  if (typeof userId !== 'string' || !uuid.test(userId)) throw failed(503, 'contract_mismatch');

  return issueServers(settings, userId, ({ failure, latencyMs }) => {
    const { requestId } = caller;
    if (failure !== null) {
      const { code, message } = failure;
      console.error(
        JSON.stringify({
          operation: 'voice_ice.provider',
          code,
          reason: message,
          request_id: requestId,
        }),
      );
    }
    recordRequest({
      function: 'voice_ice.provider',
      code: failure?.code ?? null,
      latencyMs,
      requestId,
    });
  });
});
