import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, inject, test } from 'vitest';
import {
  type ChatPerson,
  newChatPeople,
  threadIdOf,
} from '../../../sdk/src/testing/chat-people.ts';

/** Runs one of the clients beside this file as its person. Resolves each line of what it prints in turn. */
function startClient(file: string, me: ChatPerson, other: ChatPerson, text: string) {
  const gatewayUrl = `${inject('stack').functionsUrl}/gateway`;
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, file), gatewayUrl, me.token, other.mongoId, text],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async line(): Promise<string> {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${file} ended before it said anything`);
      return value;
    },
  };
}

test('clients of fetch alone and of supabase-js, in two processes, write to each other', async () => {
  const [ann, ben] = (await newChatPeople(2)) as [ChatPerson, ChatPerson];
  const supabase = startClient('supabase-client.js', ben, ann, 'from supabase-js');
  expect(await supabase.line()).toBe('joined');
  const plain = startClient('plain-client.js', ann, ben, 'from fetch');
  const [bens, anns] = await Promise.all(
    [supabase, plain].map(async (client) => JSON.parse(await client.line())),
  );

  const threadId = threadIdOf(ann, ben);
  expect([anns.threadId, bens.threadId]).toEqual([threadId, threadId]);
  expect(anns.sent).toMatchObject({
    status: 200,
    body: { threadId, senderId: ann.mongoId, body: 'from fetch', seq: 1, clientId: 'plain-1' },
  });
  expect(bens.sent).toMatchObject({
    status: 200,
    body: { threadId, senderId: ben.mongoId, body: 'from supabase-js', seq: 2, clientId: null },
  });
  expect(bens.heard[0]).toBe('from fetch');
  const history = { status: 200, body: { messages: [anns.sent.body, bens.sent.body] } };
  expect(anns.history).toEqual(history);
  expect(bens.history).toEqual(history);
});
