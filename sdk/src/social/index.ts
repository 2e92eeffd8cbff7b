export { GuildhallError, type GuildhallErrorCode } from '../errors.ts';
export type { SocialMessage } from '../generated/rows.ts';
export type { SocialAnswer } from './answer.ts';
export {
  createSocialHandlers,
  type SocialHandlers,
  type SocialHandlersOptions,
} from './handlers.ts';
export {
  createSocial,
  type ListMessagesOptions,
  type MessagePayload,
  type Social,
  type SocialClient,
  type SocialOptions,
} from './social.ts';
