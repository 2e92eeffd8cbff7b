// A frontend of somebody's own, with an unmodified supabase-js: gets its settings from the gateway, hears of the other side by Realtime, and
// answers. Prints what it saw as JSON.
import { createClient } from '@supabase/supabase-js';
import WebSocket from 'ws';

const [gatewayUrl, token, other, text] = process.argv.slice(2);

const headers = { authorization: `Bearer ${token}` };
const { url, anonKey, access_token } = await (
  await fetch(`${gatewayUrl}/auth/token?config=1`, { headers })
).json();
const supabase = createClient(url, anonKey, {
  accessToken: async () => access_token,
  realtime: { transport: WebSocket },
});
const invoke = async (path, body) => {
  const { data, error, response } = await supabase.functions.invoke(`gateway${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body }),
  });
  if (error !== null) throw error;
  return { status: response?.status ?? 200, body: data };
};

const {
  body: { threadId },
} = await invoke('/chat/threads/ensure', { otherUserMongoId: other });
const heard = [];
await supabase.realtime.setAuth();
await new Promise((resolve, reject) => {
  supabase
    .channel(`chat:${threadId}`, { config: { private: true } })
    .on('broadcast', { event: 'INSERT' }, ({ payload }) => heard.push(payload.record.body))
    .subscribe((status) => (status === 'SUBSCRIBED' ? resolve() : reject(new Error(status))));
});
console.log('joined');
for (let attempt = 0; heard.length < 1 && attempt < 300; attempt += 1) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const sent = await invoke('/chat/send', { threadId, recipientMongoId: other, body: text });
const history = await invoke(`/chat/history?threadId=${encodeURIComponent(threadId)}`);
console.log(JSON.stringify({ threadId, sent, history, heard }));
await supabase.removeAllChannels();
process.exit();
