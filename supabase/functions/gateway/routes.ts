import { Refusal } from '../_shared/refusal.ts';
import type { Answer } from './answers.ts';
import { issueToken } from './auth-token.ts';
import { ensureThread, history, send } from './chat.ts';
import { projectSettings } from './project.ts';

export interface Route {
  /** By which the route is counted: never what stands in the address itself. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  answer(request: Request, requestId: string): Promise<Answer> | Answer;
}

const routes: Readonly<Record<string, Route>> = {
  '/auth/token': { name: 'auth_token', method: 'GET', answer: issueToken },
  '/config/supabase': {
    name: 'config_supabase',
    method: 'GET',
    // For whoever asks: without it nobody could sign in, and the publishable key is made to be public.
    answer: () => ({ body: projectSettings() }),
  },
  '/chat/threads/ensure': { name: 'chat_threads_ensure', method: 'POST', answer: ensureThread },
  '/chat/send': { name: 'chat_send', method: 'POST', answer: send },
  '/chat/history': { name: 'chat_history', method: 'GET', answer: history },
};

/** The route of an address, which the platform hands over as `/gateway/…`. */
export function routeOf(request: Request): Route | null {
  // What stands in a Host header is anybody's.
  if (!URL.canParse(request.url)) return null;
  const path = new URL(request.url).pathname.replace(/^(\/functions\/v1)?\/gateway/, '');
  return Object.hasOwn(routes, path) ? (routes[path] ?? null) : null;
}

export function noSuchRoute(): Refusal {
  return new Refusal(404, 'not_found', 'There is nothing at this address.');
}

export function methodNotAllowed(allow: string): Refusal {
  return new Refusal(405, 'method_not_allowed', `Only ${allow} is answered here.`, { allow });
}
