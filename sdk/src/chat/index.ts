export { GuildhallError, type GuildhallErrorCode } from '../errors.ts';
export { type ChatClient, type ChatClientOptions, createChatClient } from './chat-client.ts';
export type { ChatMessage } from './chat-message.ts';
export type { ChatBubble, ChatSnapshot, ChatThreadOptions } from './chat-snapshot.ts';
export type { ChatThread } from './chat-thread.ts';
