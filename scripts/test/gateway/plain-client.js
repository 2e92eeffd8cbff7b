// A frontend of somebody's own, with nothing but fetch: says one thing, and waits for the other side's. Prints what it saw as JSON.
const [gatewayUrl, token, other, text] = process.argv.slice(2);

const call = async (path, body) => {
  const response = await fetch(`${gatewayUrl}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

const {
  body: { threadId },
} = await call('/chat/threads/ensure', { otherUserMongoId: other });
const sent = await call('/chat/send', {
  threadId,
  recipientMongoId: other,
  body: text,
  clientId: 'plain-1',
});
let history;
for (let attempt = 0; attempt < 300; attempt += 1) {
  history = await call(`/chat/history?threadId=${encodeURIComponent(threadId)}`);
  if (history.body.messages?.length === 2) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
console.log(JSON.stringify({ threadId, sent, history }));
