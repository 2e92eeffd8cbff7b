// The page knows two things, both from its address: where the gateway is, and with whom to chat. Who is chatting say the cookies.
import { type ChatBubble, type ChatThread, createChatClient } from '../../sdk/src/chat/index.ts';

const query = new URLSearchParams(location.search);
const gatewayUrl = query.get('gateway') ?? '/gateway';
const otherUserMongoId = query.get('with') ?? '';

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const list = element<HTMLOListElement>('messages');
const input = element<HTMLInputElement>('body');

function bubble(thread: ChatThread, message: ChatBubble): HTMLLIElement {
  const item = document.createElement('li');
  item.className = `${message.isMine ? 'mine' : 'theirs'} ${message.status}`;
  item.textContent = message.body;
  const note = document.createElement('small');
  note.textContent = noteOf(message);
  item.append(note);
  const { clientId } = message;
  if (message.status === 'failed' && clientId !== null) {
    item.onclick = () => void thread.retry(clientId).catch(() => {});
  }
  return item;
}

function noteOf({ status, error, createdAt, editedAt }: ChatBubble): string {
  if (status === 'sending') return 'sending …';
  if (status === 'failed') return `${error?.message ?? 'Not sent.'} Click to try again.`;
  const time = new Date(createdAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return editedAt === null ? time : `${time}, edited`;
}

function warn(text: string | null): void {
  const warning = element('warning');
  warning.hidden = text === null;
  warning.textContent = text;
}

function render(thread: ChatThread): void {
  const { messages, warning, hasOlder } = thread.getSnapshot();
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.replaceChildren(...messages.map((message) => bubble(thread, message)));
  if (isAtEnd) list.scrollTop = list.scrollHeight;
  warn(warning?.message ?? null);
  element('older').hidden = !hasOlder;
}

async function main(): Promise<void> {
  const chat = createChatClient({ gatewayUrl });
  const thread = await chat.openThread(otherUserMongoId);
  thread.subscribe(() => render(thread));
  render(thread);
  list.scrollTop = list.scrollHeight;
  element('older').onclick = () => void thread.loadOlder();
  element<HTMLFormElement>('form').onsubmit = (event) => {
    event.preventDefault();
    const body = input.value.trim();
    input.value = '';
    // What fails shows on its bubble.
    if (body !== '') void thread.send(body).catch(() => {});
  };
}

main().catch((error: Error) => warn(error.message));
